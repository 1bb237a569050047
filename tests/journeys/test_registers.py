"""A liaison's day with a register: filter, open, move with a photograph, Excel out and in, and two editors of one row."""

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from .conftest import SIZES, sign_in

pytestmark = pytest.mark.journey

LIST = "/jinshan/registers/sewage-works/"
WORK = 40_000  # milliseconds a process of its own may take on a busy machine
# the smallest JPEG a browser draws
PHOTO = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0000b0800010001"
    "01011100ffc40014000100000000000000000000000000000009ffc40014100100000000000000000000000000000000ffda0008010100003f0054"
    "dfffd9"
)


@pytest.fixture
def visit(browser, site):
    """As everywhere, but that a refusal (422) may be told in the console, as a browser tells of each."""
    opened, complaints = [], []

    def enter(who, **options):
        context = browser.new_context(viewport=SIZES["laptop"], base_url=site, **options)
        context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": site}])
        page = context.new_page()
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append(context)
        sign_in(page, who)
        return page

    yield enter
    for context in opened:
        context.close()
    assert [told for told in complaints if "422" not in told] == []


def photo(name):
    return {"name": name, "mimeType": "image/jpeg", "buffer": PHOTO}


def test_a_liaison_filters_opens_an_entry_and_moves_it_with_a_photograph(visit):
    page = visit("liaison-swj")
    page.goto("/jinshan/registers/")
    expect(page.get_by_role("heading", name="本部门负责")).to_be_visible()
    page.get_by_role("link", name="污水处理工程").first.click()
    expect(page.locator(".map .state-icon").first).to_be_visible()
    page.select_option("select[name=state]", "planned")
    page.wait_for_url(re.compile("state=planned"))
    rows = page.locator("table.rows-table tbody tr")
    expect(rows.locator(".state.way-0")).to_have_count(rows.count())
    expect(page.locator(".map .state-icon")).to_have_count(rows.count())

    name = rows.first.locator("th a").inner_text()
    rows.first.locator("th a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    move = page.locator("details.move", has_text="已完成")
    move.locator("summary").click()
    move.get_by_role("button", name="转为“已完成”").click()
    expect(page.get_by_role("alert").first).to_contain_text("前须填写“完成日”")
    move = page.locator("details.move", has_text="已完成")
    move.locator("input[name=done_on]").fill("2025-10-20")
    move.locator("input[type=file]").set_input_files(photo("现场.jpg"))
    expect(move.locator(".preview img")).to_be_visible()
    move.locator("input[name=note]").fill("进水口")
    move.get_by_role("button", name="转为“已完成”").click()
    expect(page.locator(".life .now")).to_contain_text("已完成")
    expect(page.locator(".files img")).to_have_js_property("naturalWidth", 1)
    expect(page.locator(".revisions")).to_contain_text("2025-10-20")


def test_a_workbook_goes_out_comes_back_wrong_then_right(visit):
    page = visit("liaison-swj")
    page.goto(LIST)
    page.get_by_text("导出所见").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel", exact=True).click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    sheet = book.worksheets[0]
    column = next(cell.column_letter for cell in sheet[2] if cell.value == "capacity")

    def send(value):
        sheet[f"{column}3"] = value
        file = io.BytesIO()
        book.save(file)
        page.goto(f"{LIST}upload/")
        page.set_input_files(
            "input[type=file]", {"name": "规模.xlsx", "mimeType": "application/zip", "buffer": file.getvalue()}
        )
        page.get_by_role("button", name="上传并核对").click()
        page.wait_for_url(re.compile(r"/upload/\d+/$"))

    send("三千")
    row = page.locator("table.faults tbody tr")
    expect(row).to_contain_text(f"{column}3", timeout=WORK)
    expect(row).to_contain_text("“三千”读不懂，应为数字")
    send(3456.5)
    expect(page.locator("#upload")).to_contain_text("修改 1 条", timeout=WORK)
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator("#upload")).to_contain_text("已导入", timeout=WORK)
    page.get_by_role("link", name="看台账").click()
    expect(page.locator("table.rows-table")).to_contain_text("3,456.5")


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(visit):
    first, second = visit("office"), visit("liaison-swj")
    for page in (first, second):
        page.goto(LIST)
        page.locator("table.rows-table tbody tr th a").last.click()
        page.get_by_role("link", name="修改").click()
        expect(page.locator("input[name=capacity]")).to_be_visible()
    first.fill("input[name=capacity]", "1200")
    first.get_by_role("button", name="保存").click()
    expect(first.get_by_role("status")).to_contain_text("已保存")
    second.fill("input[name=capacity]", "1500")
    second.fill("textarea[name=note]", "复核")
    second.get_by_role("button", name="保存").click()
    expect(second.get_by_role("alert")).to_contain_text("您的修改没有保存")
    expect(second.locator(".theirs").first).to_contain_text("对方改为：1,200")
    expect(second.locator("input[name=capacity]")).to_have_value("1500")
    second.get_by_role("button", name="保存").click()
    expect(second.get_by_role("status")).to_contain_text("已保存")
    expect(second.locator(".revisions")).to_contain_text("1,200")


def test_without_scripts_a_list_filters_and_a_file_is_taken_in(visit):
    page = visit("liaison-swj", java_script_enabled=False)
    page.goto("/jinshan/registers/drainage-users/")
    page.select_option("select[name=state]", "compliant")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url(re.compile("state=compliant"))
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url(re.compile("state=compliant.*after="))
    page.goto("/jinshan/registers/drainage-users/upload/")
    page.set_input_files(
        "input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": "编号\n新户 1\n".encode()}
    )
    page.get_by_role("button", name="上传并核对").click()
    for _ in range(WORK // 500):
        if page.get_by_role("button", name="确认导入").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_role("button", name="确认导入")).to_be_visible()
    page.get_by_role("link", name="不导入").click()
    expect(page.locator("table")).to_contain_text("核对通过")
