"""From an alert to an assignment: the body acknowledges, the office prepares, the leader decides, the body does it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
HOME = "/jinshan/coordination/"
WORDING = "请于年底前补足缺口，逐月报进度。"


def to_be_acknowledged(page):
    """The first row whose body has not yet acknowledged its notice."""
    rows = page.locator("table.matters tbody tr")
    rows = rows.filter(has=page.locator("td.raised .status.no_data")).filter(has=page.locator("td a[href*='/bodies/']"))
    return rows.filter(has_not_text="已签收").first


def test_from_an_alert_to_an_assignment_at_the_body(visit, axe):
    office = visit("office")
    office.goto(HOME)
    office.get_by_role("button", name=re.compile("^按 .* 提示$")).click()
    expect(office.get_by_role("status").first).to_have_text(re.compile(r"停滞 \d+ 件，新发提示 \d+ 条，销号 \d+ 条。"))
    row = to_be_acknowledged(office)
    subject = row.locator("th a").first.inner_text()
    alert = row.locator("td.raised a").get_attribute("href")
    body = re.search(r"/bodies/([\w-]+)/", row.locator("a[href*='/bodies/']").get_attribute("href"))[1]

    liaison = visit(f"liaison-{body}", size="phone")
    expect(liaison.locator(".unread")).to_be_visible()
    liaison.goto("/inbox/")
    assert axe(liaison) == []
    liaison.goto(alert)
    assert axe(liaison) == []
    liaison.fill("textarea[name=note]", "月底前拿出安排")
    liaison.get_by_role("button", name="签收").click()
    expect(liaison.get_by_role("status")).to_have_text("已签收。")

    office.goto(HOME)
    expect(office.locator("table.matters tr", has_text=subject).first).to_contain_text("已签收")
    office.get_by_role("button", name="准备一次协调会").click()
    office.wait_for_url(re.compile(r"/meetings/\d+/$"))
    meeting = re.search(r"/jinshan/coordination/meetings/\d+/", office.url).group()
    office.locator(".offered label", has_text=subject).first.locator("input").check()
    office.get_by_role("button", name="列入所选").click()
    item = office.locator(".agenda > li", has_text=subject)
    expect(item).to_be_visible()
    assert axe(office) == []
    item.locator("textarea[name=proposal]").fill(WORDING)
    item.locator("select[name=lead]").select_option(body)
    item.locator("input[name=due_on]").fill("2025-12-31")
    item.get_by_role("button", name="保存").click()
    expect(item).to_contain_text(f"建议 {WORDING}")

    leader = visit("leader")
    leader.goto(meeting)
    assert axe(leader) == []
    expect(leader.locator("textarea[name=wording]")).to_have_value(WORDING)
    leader.get_by_role("button", name="议定").click()
    expect(leader.locator(".decided.adopted")).to_contain_text(WORDING)
    leader.get_by_role("button", name="签署纪要").click()
    expect(leader.get_by_role("status")).to_have_text("纪要已签署。")
    expect(leader.locator(".agenda textarea")).to_have_count(0)

    liaison.goto(f"/jinshan/bodies/{body}/")
    given = liaison.locator("#assigned")
    expect(given).to_contain_text(WORDING)
    given.get_by_role("link", name=WORDING).click()
    liaison.fill("textarea[name=note]", "缺口已补足")
    liaison.get_by_role("button", name="报办结").click()
    expect(liaison.locator("main")).to_contain_text("已报办结，待核")
    office.goto(liaison.url)
    office.fill("textarea[name=note]", "属实")
    office.get_by_role("button", name="销号").click()
    expect(office.locator(".head")).to_contain_text("已销号")


def test_minutes_are_downloaded_as_word(page):
    page.goto(f"{HOME}meetings/1/")
    with page.expect_download() as waited:
        page.get_by_role("link", name="纪要（Word）").click()
    assert waited.value.suggested_filename.endswith("纪要.docx")


def test_filters_narrow_the_list_without_leaving_the_page(page):
    page.goto(HOME)
    page.evaluate("window.stayed = true")
    page.select_option("select[name=kind]", "target_risk")
    page.wait_for_url("**kind=target_risk**")
    expect(page.locator("table.matters td.kind", has_text="目标有风险").first).to_be_visible()
    expect(page.locator("table.matters td.kind").filter(has_not_text="目标有风险")).to_have_count(0)
    assert page.evaluate("window.stayed")
