"""A round from both sides: the body fills in by page and by workbook, the office sends back and accepts, and the value counts."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

pytestmark = pytest.mark.journey
ROUND = "/jinshan/reports/quarterly/2025-Q3"
PDF = {"name": "进度证明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a certificate"}


def line(page, name: str):
    return page.locator(".owed-line", has=page.get_by_text(name, exact=True))


def settled(page, name: str):
    """The line has told its writer that it is kept."""
    expect(line(page, name).locator(".state")).to_contain_text("已保存")


def test_a_liaison_lands_on_what_their_body_owes(visit):
    page = visit("liaison-swj")
    page.wait_for_url("**/jinshan/reports/")
    expect(page.locator(".due .countdown")).to_contain_text("还剩 2 个工作日")
    page.get_by_role("link", name="填报", exact=True).last.click()
    page.wait_for_url(f"**{ROUND}/swj/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("区水务局")


def test_a_report_is_filled_in_sent_back_mended_and_accepted(visit, axe, tmp_path):
    liaison, office = visit("liaison-fgw"), visit("office")
    liaison.goto(f"{ROUND}/fgw/")
    assert axe(liaison) == []
    _by_page(liaison)
    _by_workbook(liaison, tmp_path)
    liaison.get_by_role("button", name="报送").click()
    expect(liaison.get_by_role("status")).to_contain_text("已报送（第 1 次）")

    office.goto("/jinshan/reports/?state=submitted")
    office.get_by_role("row", name="区发改委").get_by_role("link", name="待审").click()
    office.wait_for_url(f"**{ROUND}/fgw/")
    expect(office.locator("table.review")).to_contain_text("一期海缆已铺设")
    assert axe(office) == []
    office.fill("input[name=why]", "海上风电规模请附核准文件")
    office.get_by_role("button", name="退回").click()
    expect(office.get_by_role("status")).to_contain_text("已退回")

    liaison.goto("/jinshan/reports/")
    expect(liaison.locator(".due")).to_contain_text("海上风电规模请附核准文件")
    liaison.goto(f"{ROUND}/fgw/")
    wind = line(liaison, "已启动海上风电装机规模")
    wind.get_by_text("佐证", exact=True).click()
    wind.locator("input[type=file]").set_input_files(PDF)
    wind.get_by_role("button", name="上传").click()
    expect(line(liaison, "已启动海上风电装机规模").get_by_role("link", name="进度证明.pdf")).to_be_attached()
    liaison.get_by_role("button", name="报送").click()
    expect(liaison.get_by_role("status")).to_contain_text("已报送（第 2 次）")

    office.goto(f"{ROUND}/fgw/")
    expect(office.get_by_role("link", name="进度证明.pdf")).to_be_visible()
    office.get_by_role("button", name="全部接受").click()
    expect(office.get_by_role("status")).to_contain_text("已接受")
    _counts_in_the_next_evaluation(office)


def _by_page(page):
    wind = line(page, "已启动海上风电装机规模")
    wind.locator("input[name^=claim]").fill("lots")
    wind.locator("input[name^=claim]").blur()
    expect(wind.get_by_role("alert")).to_contain_text("“lots”读不懂，应为数字")
    wind.locator("input[name^=claim]").fill("300")
    wind.locator("textarea[name^=progress]").fill("一期海缆已铺设")
    wind.locator("textarea[name^=progress]").blur()
    settled(page, "已启动海上风电装机规模")
    page.reload()
    expect(line(page, "已启动海上风电装机规模").locator("input[name^=claim]")).to_have_value("300")


def _by_workbook(page, folder):
    with page.expect_download() as told:
        page.get_by_role("link", name="下载填报表").click()
    book = load_workbook(io.BytesIO(Path(told.value.path()).read_bytes()))
    sheet = book["填报"]
    claims = {row[3].value: row[8] for row in sheet.iter_rows(min_row=3) if row[3].value}
    words = {row[3].value: row[9] for row in sheet.iter_rows(min_row=3) if row[3].value}
    units = {row[3].value: row[5].value for row in sheet.iter_rows(min_row=3) if row[3].value}
    open_ones = [title for title, cell in claims.items() if cell.value is None]
    last = next(title for title in open_ones if units[title] == "%")
    for title in open_ones:
        claims[title].value = 45 if units[title] else "属实"
        words[title].value = "按计划"
    claims[last].value = "一半"
    _upload(page, book, folder)
    expect(page.locator("main")).to_contain_text("1 处问题，没有写入")
    expect(page.locator("table")).to_contain_text(claims[last].coordinate)
    claims[last].value = 50
    _upload(page, book, folder)
    expect(page.locator("main")).to_contain_text(re.compile("没有问题，将改动 \\d+ 项"))
    page.get_by_role("button", name="全部写入草稿").click()
    expect(page.get_by_role("status")).to_contain_text("已写入草稿")


def _upload(page, book, folder):
    place, file = folder / "report.xlsx", io.BytesIO()
    book.save(file)
    place.write_bytes(file.getvalue())
    page.goto(f"{ROUND}/fgw/upload/")
    page.locator("input[type=file]").set_input_files(place)
    page.get_by_role("button", name="核对").click()


def _counts_in_the_next_evaluation(page):
    page.goto("/jinshan/runs/")
    page.fill("input[name=as_of]", "2025-10-31")
    page.get_by_role("button", name="评估").click()
    expect(page.get_by_role("status")).to_have_text("已按 2025-10-31 评估。")
    run = re.search(r"/runs/\d+/", page.url).group()
    page.goto(f"/jinshan{run}targets/offshore-wind/")
    expect(page.locator("main")).to_contain_text("300")
    expect(page.locator("main")).to_contain_text("区发改委 2025-Q3 季度填报")


def test_what_does_not_agree_is_told_to_both_sides(visit):
    page = visit("office")
    page.goto(f"{ROUND}/lhsrj/")
    expect(page.locator(".against")).to_contain_text(
        re.compile("填报完成；台账“精品示范居住区”显示 18 项中 11 项已建成")
    )


def test_two_editors_of_a_draft_and_the_second_is_told(visit):
    first, second = visit("liaison-wjw"), visit("liaison-wjw")
    for page in (first, second):
        page.goto(f"{ROUND}/wjw/")
    name = first.locator(".owed-line b").first.inner_text()
    line(first, name).locator("textarea").first.fill("甲写的进展")
    line(first, name).locator("textarea").first.blur()
    settled(first, name)
    line(second, name).locator("textarea").first.fill("乙写的进展")
    line(second, name).locator("textarea").first.blur()
    expect(line(second, name).get_by_role("alert")).to_contain_text("甲写的进展")
    first.reload()
    expect(line(first, name).locator("textarea").first).to_have_value("甲写的进展")


def test_a_draft_is_kept_and_handed_in_without_scripts(visit):
    page = visit("liaison-sjj", java_script_enabled=False)
    page.goto(f"{ROUND}/sjj/")
    page.locator("textarea[name^=progress]").first.fill("数据已接入一张网")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("status")).to_contain_text("草稿已保存，改动 1 处")
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_role("status")).to_contain_text("已报送（第 1 次）")
    expect(page.locator("table.review")).to_contain_text("数据已接入一张网")
