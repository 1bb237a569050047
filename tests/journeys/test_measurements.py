"""From the list of sites to the row a number was made of; a file on its way in, and a value under a flag on its way to a verdict."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey
MONITOR = "liaison-sthjj"  # the liaison of the body that monitors
WORKED = 60_000  # ms: a file is worked on by a process of its own


def test_from_a_park_to_the_raw_row_and_into_a_workbook(visit, tmp_path):
    page = visit("office", accept_downloads=True)
    page.goto("/jinshan/measurements/")
    page.get_by_role("link", name="地下水", exact=True).first.click()
    page.wait_for_url(re.compile("medium=groundwater"))
    expect(page.locator("section.card h2").first).to_contain_text("地下水")
    page.locator("table.sites tbody a").first.click()
    expect(page.locator(".measured svg").first).to_be_visible()
    expect(page.locator("table.compared tbody tr").first).to_contain_text("水质类别")
    page.get_by_role("link", name="数据来历").click()
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("GB/T 14848-2017")
    panel.get_by_role("link", name="氨氮").click()
    page.wait_for_url(re.compile("/rows/"))
    expect(page.locator("main [role=status]")).to_have_text("3 行")
    with page.expect_download() as saved:
        page.get_by_role("link", name="导出所见").click()
    saved.value.save_as(tmp_path / "rows.xlsx")
    assert (tmp_path / "rows.xlsx").stat().st_size > 4000


def test_a_site_reads_without_scripts(visit):
    page = visit("office", java_script_enabled=False)
    page.goto("/jinshan/measurements/sim-noise-4/")
    page.locator("details.data summary").first.click()
    expect(page.locator("details.data table").first).to_contain_text("2025 年三季度")
    page.select_option("select[name=now]", "2025-10")
    page.select_option("select[name=then]", "2024-10")
    page.get_by_role("button", name="比较").click()
    expect(page.locator("table.compared thead")).to_contain_text("2024-10")


def sent(page, content: str):
    """A file goes in and is tried: the card that tells what was found."""
    page.goto("/jinshan/measurements/import/")
    page.set_input_files(
        "input[name=file]", {"name": "水质周报.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="上传并试算").click()
    page.wait_for_url(re.compile(r"/import/\d+/$"))
    return page.locator("#upload")


def test_a_file_with_one_bad_cell_is_mended_and_taken_in(visit, axe):
    page = visit(MONITOR)
    page.goto("/jinshan/measurements/")
    page.get_by_role("link", name="导入监测数据").click()
    page.wait_for_url("**/measurements/import/")
    assert axe(page) == []
    sheet = "site,time,tp\n模拟河道断面 2,2025-11-05 09:00,0.123\n模拟河道断面 2,2025-11-12 09:00,{}\n"
    card = sent(page, sheet.format("很高"))
    expect(card.locator(".upload-state")).to_have_text("有问题，没有导入", timeout=WORKED)
    fault = card.locator("table.faults tbody tr")
    expect(fault).to_have_count(1)
    expect(fault).to_contain_text(re.compile("第 3 行.*tp.*很高.*应为数字", re.DOTALL))
    assert axe(page) == []

    card = sent(page, sheet.format("0.131"))
    expect(card.locator(".upload-state")).to_have_text("核对通过，待确认", timeout=WORKED)
    expect(card).to_contain_text("新增 2 个数值，更正 0 个，已有 0 个")
    assert axe(page) == []
    section = visit(MONITOR)
    section.goto("/jinshan/measurements/sim-river-2/?year=2025&item=tp")
    expect(section.locator("details.data").first).not_to_contain_text("0.123")
    page.get_by_role("button", name="确认导入").click()
    expect(card.locator(".upload-state")).to_have_text("已导入", timeout=WORKED)

    section.reload()
    section.locator("details.data summary").first.click()
    for day, value in (("2025-11-05", "0.123"), ("2025-11-12", "0.131")):
        expect(section.get_by_role("row", name=re.compile(f"{day}.*{value}"))).to_be_visible()
    section.goto("/jinshan/measurements/sim-river-2/rows/?item=tp&since=2025-11-01")
    expect(section.locator("main [role=status]")).to_have_text("2 行")


def test_a_file_with_columns_nobody_knows_is_mapped_column_by_column(visit, axe):
    page = visit(MONITOR)
    sheet = "第几周,哪个断面,哪一天采的,磷\n{0},模拟河道断面 3,2025-11-{0} 09:00,{1}\n"
    card = sent(page, sheet.format("06", "101"))
    expect(card.locator(".upload-state")).to_have_text("列名不认识，待对照", timeout=WORKED)
    card.get_by_role("link", name="逐列对照").click()
    page.wait_for_url(re.compile(r"/map/$"))
    page.select_option("select[name=medium]", "water")
    page.get_by_role("button", name="重新拟").click()
    page.wait_for_url(re.compile("medium=water"))
    assert axe(page) == []
    page.fill("input[name=name]", "某监测站周报")
    page.select_option("select[name=period]", "sample")
    page.get_by_label("第几周", exact=True).select_option("")
    page.get_by_label("哪个断面", exact=True).select_option("site")
    page.get_by_label("哪一天采的", exact=True).select_option("time")
    page.get_by_label("磷", exact=True).select_option("item:tp")
    page.get_by_label("磷 单位", exact=True).fill("µg/L")
    page.get_by_role("button", name="保存对照并试算").click()
    page.wait_for_url(re.compile(r"/import/\d+/$"))
    card = page.locator("#upload")
    expect(card.locator(".upload-state")).to_have_text("核对通过，待确认", timeout=WORKED)
    expect(card).to_contain_text("某监测站周报")
    page.get_by_role("button", name="确认导入").click()
    expect(card.locator(".upload-state")).to_have_text("已导入", timeout=WORKED)
    page.goto("/jinshan/measurements/sim-river-3/rows/?item=tp&since=2025-11-01")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    expect(page.locator("table.list tbody tr")).to_contain_text(re.compile("2025-11-06.*0.101", re.DOTALL))
    card = sent(page, sheet.format("13", "112"))  # the next file of the station is known by its columns
    expect(card.locator(".upload-state")).to_have_text("核对通过，待确认", timeout=WORKED)
    expect(card).to_contain_text("某监测站周报")


def test_a_file_is_taken_in_without_its_faulty_rows(visit, axe):
    page = visit(MONITOR)
    rows = ("2025-11-05 09:00,0.141", "2025-11-12 09:00,很高", "2025-11-19 09:00,0.143")
    card = sent(page, "site,time,tp\n" + "".join(f"模拟河道断面 4,{one}\n" for one in rows))
    expect(card.locator(".upload-state")).to_have_text("有问题，没有导入", timeout=WORKED)
    page.get_by_role("button", name="跳过有问题的 1 行，导入其余").click()
    expect(card.locator(".upload-state")).to_have_text("已导入", timeout=WORKED)
    expect(card).to_contain_text("下列各行有问题，没有导入")
    expect(card.locator("table.faults tbody tr")).to_contain_text(re.compile("第 3 行.*很高", re.DOTALL))
    assert axe(page) == []
    page.goto("/jinshan/measurements/sim-river-4/rows/?item=tp&since=2025-11-01")
    expect(page.locator("main [role=status]")).to_have_text("2 行")
    expect(page.locator("table.list tbody")).not_to_contain_text("2025-11-12")


def test_a_flagged_value_is_judged_with_a_reason_and_stands_on_record(visit, axe):
    page = visit(MONITOR)
    page.goto("/jinshan/measurements/review/")
    page.select_option("select[name=medium]", "air")
    page.select_option("select[name=site]", "sim-air-2")
    page.select_option("select[name=flag]", "spike")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url(re.compile("flag=spike"))
    assert axe(page) == []
    rows = page.locator("table.review-table tbody tr")
    known = rows.count()
    assert known > 0
    time, value = rows.first.locator("td").nth(1).inner_text(), rows.first.locator("td b").inner_text()
    rows.first.get_by_role("checkbox").check()
    page.fill("input[name=why]", "当日燃放烟花，仪器正常")
    page.get_by_role("button", name="确认有效").click()
    expect(page.get_by_role("status").first).to_contain_text("已审核 1 个数值")
    expect(page.locator(".revisions li").first).to_contain_text(
        re.compile("人工确认有效.*当日燃放烟花，仪器正常", re.DOTALL)
    )
    assert rows.count() == known - 1
    page.goto(f"/jinshan/measurements/sim-air-2/rows/?flag=confirmed&since={time[:10]}&until={time[:10]}")
    judged = page.locator("table.list tbody tr:not(.before)")
    expect(judged).to_have_count(1)
    expect(judged).to_contain_text(re.compile(f"{time}.*{value}.*人工确认有效 {MONITOR}", re.DOTALL))
    expect(page.locator("table.list tbody tr.before")).to_contain_text(
        re.compile(f"更正前.*{value}.*突变，待审核", re.DOTALL)
    )
