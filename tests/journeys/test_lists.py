"""The list of 2026 from its making to its amendment. What is issued stays issued; no other journey counts on there being none."""

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
WIDER = """() => [...document.querySelectorAll('main *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll, .only-heard'))
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 3)"""


def fits(page, axe):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate(WIDER) == []
    assert axe(page) == []


def make(page):
    page.goto("/jinshan/lists/")
    page.get_by_role("button", name="编制 2026 年清单").click()
    page.wait_for_url("**/lists/2026/")
    expect(page.locator("main")).to_contain_text("已按规划编出草稿")


def decide(page, axe):
    page.get_by_role("link", name=re.compile("^确定牵头部门")).click()
    page.wait_for_url("**/leads/")
    expect(page.locator("table.leads tbody tr").first).to_contain_text("号清单由")
    fits(page, axe)
    row = page.locator("table.leads tbody tr").first
    name = row.locator("th").inner_text()
    row.get_by_text("另定").click()
    row.get_by_label("牵头部门").select_option("jw")
    row.get_by_label("理由").fill("职责已调整")
    row.locator("form.other button").click()
    expect(page.locator("table.leads").first).not_to_contain_text(name)
    page.get_by_role("button", name="全部按建议确定").click()
    expect(page.locator("main")).to_contain_text("每一项都有牵头部门")
    page.get_by_text(re.compile("^已确定")).click()
    expect(page.locator("main")).to_contain_text("职责已调整")


def edit(page, order: int, axe=None, **fields):
    page.locator(f"#item-{order} .edit").click()
    row = page.locator(f"#item-{order}")
    row.get_by_role("button", name="保存").wait_for()
    for name, value in fields.items():
        field = row.locator(f"[name={name}]")
        field.select_option(value) if name in ("quarter", "lead_code") else field.fill(value)
    if axe:
        fits(page, axe)
    row.get_by_role("button", name="保存").click()
    expect(row.locator(".editing")).to_have_count(0)


def issue(page, day: str, button: str):
    page.get_by_label("印发日期").fill(day)
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/lists/2026/")


def prepare_amendment(page):
    page.get_by_role("link", name="修订", exact=True).click()
    page.get_by_label("理由").fill("部门职责调整")
    page.get_by_role("button", name="开始修订").click()
    page.wait_for_url("**/lists/2026/")
    edit(page, 12, quarter="3")
    expect(page.locator("#item-12")).to_contain_text("拟修改")
    expect(page.locator("#item-12 del")).to_have_text("四季度")


def papers(page, number: str = "") -> tuple[bytes, bytes]:
    asked = f"?number={number}" if number else ""
    return tuple(page.request.get(f"/jinshan/lists/2026/paper.{form}{asked}").body() for form in ("xlsx", "docx"))


def test_the_list_of_2026_is_made_decided_issued_amended_and_exported(visit, axe):
    page = visit("office")
    make(page)
    fits(page, axe)
    expect(page.locator("table.annual")).to_contain_text("结转自 2025 年")
    page.get_by_role("link", name="印发前检查").click()
    expect(page.locator("main")).to_contain_text("印发前须确定")
    expect(page.get_by_role("button", name="确认印发")).to_have_count(0)
    page.goto("/jinshan/lists/2026/")
    decide(page, axe)
    page.goto("/jinshan/lists/2026/")
    edit(page, 12, axe, node="完成 6 个示范点")
    expect(page.locator("#item-12 .node")).to_contain_text("完成 6 个示范点")
    page.get_by_role("link", name="印发前检查").click()
    expect(page.locator("main")).to_contain_text("职责已调整")
    fits(page, axe)
    issue(page, "2026-01-20", "确认印发")
    expect(page.locator("main")).to_contain_text("已印发 2026-1 号清单")
    expect(page.locator(".edit")).to_have_count(0)
    first = papers(page)
    prepare_amendment(page)
    liaison = visit("liaison-swj", size="phone")
    liaison.goto("/jinshan/lists/2026/")
    expect(liaison.locator("#item-12")).to_contain_text("四季度")
    expect(liaison.locator("tbody").first).to_contain_text("本部门牵头")
    expect(liaison.get_by_text("拟修改")).to_have_count(0)
    fits(liaison, axe)
    page.get_by_role("link", name=re.compile("查看并印发修订")).click()
    page.wait_for_url("**/amendment/")
    fits(page, axe)
    issue(page, "2026-06-20", "印发修订")
    expect(page.locator("#item-12")).to_contain_text("2026-2 号修订")
    assert papers(page, "2026-1") == first and papers(page) != first
    cells = [row[4] for row in load_workbook(io.BytesIO(papers(page)[0])).active.iter_rows(values_only=True)]
    assert "三季度：完成 6 个示范点" in cells
    page.get_by_role("link", name="沿革").click()
    expect(page.locator("#paper-2026-2 ins")).to_have_text("三季度")
    fits(page, axe)
    done_without_scripts(visit)


def done_without_scripts(visit):
    page = visit("office", java_script_enabled=False)
    page.goto("/jinshan/lists/2026/")
    page.get_by_label("完成季度").select_option("3")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url(re.compile("quarter=3"))
    page.locator("#item-12").get_by_role("link").first.click()
    page.get_by_label("完成日期").fill("2026-09-01")
    page.get_by_role("button", name="登记完成").click()
    expect(page.locator(".said-done")).to_contain_text("2026-09-01 完成")
    page.get_by_label("说明或依据").fill("复核后退回")
    page.get_by_role("button", name="撤回完成").click()
    expect(page.locator(".said-done")).to_contain_text("复核后退回")
    page.goto("/jinshan/lists/2025/?only=done")
    expect(page.locator("table.annual tr[id]")).to_have_count(77)
