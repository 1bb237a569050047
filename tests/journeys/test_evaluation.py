"""From the overview to a row of evidence, and from a day to a signed evaluation."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def test_where_a_number_came_from_opens_beside_the_page(page, axe):
    page.goto("/jinshan/targets/")
    page.locator("tr", has_text="细颗粒物").locator("td.number a").first.click()
    panel = page.locator("dialog#panel")
    panel.wait_for(state="visible")
    expect(panel).to_contain_text("全年各月均值的平均")
    expect(panel.locator("tbody tr").first).to_contain_text(re.compile("2025-09.*17\\.1.*月报", re.DOTALL))
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert page.url.endswith("/targets/")


def test_filters_change_the_list_and_the_address_without_leaving_the_page(page):
    page.goto("/jinshan/targets/")
    page.evaluate("window.stayed = true")
    page.select_option("select[name=status]", "off_track")
    page.wait_for_url("**status=off_track**")
    page.wait_for_function("document.querySelectorAll('table.targets .status:not(.off_track)').length === 0")
    assert page.evaluate("window.stayed")
    page.get_by_role("link", name="导出所见").click(trial=True)
    assert "status=off_track" in page.get_by_role("link", name="导出所见").get_attribute("href")
    page.reload()
    expect(page.locator("select[name=status]")).to_have_value("off_track")


def test_rows_of_source_data_can_be_zoomed(page):
    page.goto("/jinshan/targets/pm25/")
    expect(page.locator("#explore svg path").nth(5)).to_be_attached()


def test_the_office_evaluates_and_the_leader_signs(visit):
    office, leader = visit("office"), visit("leader")
    office.goto("/jinshan/runs/")
    office.fill("input[name=as_of]", "2025-09-30")
    office.get_by_role("button", name="评估").click()
    expect(office.get_by_role("status")).to_have_text("已按 2025-09-30 评估。")
    run = re.search(r"/runs/\d+/", office.url).group()
    leader.goto(f"/jinshan{run}")
    leader.get_by_role("button", name="签署这次评估").click()
    expect(leader.locator("main")).to_contain_text("已签署")
    expect(leader.get_by_role("button", name="签署这次评估")).to_have_count(0)
    office.reload()
    expect(office.locator(".facts")).to_contain_text("分管领导")


def test_a_liaison_sees_what_their_body_owes(visit):
    page = visit("liaison-swj")
    page.wait_for_url("**/reports/")
    page.get_by_role("link", name="目标与任务").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("区水务局")
    expect(page.locator(".judged li").first).to_have_text(re.compile(r"^\s*滞后"))


def test_the_language_switches_in_place(page):
    page.goto("/jinshan/targets/?status=at_risk")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Targets")
    assert page.url.endswith("?status=at_risk")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("目标")
