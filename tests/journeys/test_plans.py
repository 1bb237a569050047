"""A plan document from its upload to its adoption, on a server of its own, since an adoption changes what others see."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from ..plan import sample
from ..shared import shared
from .conftest import SIZES, in_folder, served, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
WIDER = """() => [...document.querySelectorAll('main *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll, .only-heard'))
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 3)"""


@pytest.fixture(scope="module")
def site(fresh, tmp_path_factory):
    """A server with the demonstration in a file of its own, whatever database the other journeys share."""
    folder = tmp_path_factory.mktemp("plans")
    shutil.copytree(fresh, folder, dirs_exist_ok=True)
    with served(in_folder(folder), workers=1) as address:
        yield address


@pytest.fixture
def document(tmp_path):
    """Writes an invented plan, each time another file, and gives its place."""

    def written(text=sample.TEXT, name="清洁家园行动计划.txt"):
        place = tmp_path / name
        place.write_text(text, encoding="utf-8")
        return place

    return written


def upload(page, place) -> str:
    page.goto("/jinshan/plans/")
    page.get_by_role("link", name="上传规划文件").click()
    page.set_input_files("input[name=file]", place)
    page.get_by_role("button", name="上传并读取").click()
    page.wait_for_url(re.compile(r"/plans/\d+/$"))
    return page.url


def adopt(page):
    page.get_by_role("link", name="采用", exact=True).click()
    page.get_by_role("button", name="确认采用").click()
    page.wait_for_url(re.compile(r"/plans/\d+/#main$"))
    expect(page.locator("main")).to_contain_text("内容已冻结")
    expect(page.locator(".edit")).to_have_count(0)


def edit_first_target(page, value: str):
    item = page.locator("#reading .item.target:has(.goal)").first
    key = item.get_attribute("id")
    item.locator(".edit").click()
    form = page.locator(f"#{key} form.fields")
    form.wait_for()
    form.locator("[name=value]").fill(value)
    form.get_by_role("button", name="保存").click()
    page.locator(f"#{key} .goal").wait_for()
    return page.locator(f"#{key} .goal")


def in_sight(page, selector: str):
    """Waits until an element stands inside both the window and the pane that scrolls it."""
    page.wait_for_function(
        """(selector) => {
            const one = document.querySelector(selector), box = one.getBoundingClientRect();
            const pane = one.closest('.pane').getBoundingClientRect();
            return box.top >= Math.max(0, pane.top) - 1 && box.top < Math.min(innerHeight, pane.bottom);
        }""",
        arg=selector,
    )


def only(page, shown: str, hidden: str):
    expect(page.locator(shown)).to_be_visible()
    expect(page.locator(hidden)).to_be_hidden()


def test_an_invented_plan_is_uploaded_read_corrected_and_adopted(page, document, axe):
    where = upload(page, document())
    expect(page.get_by_role("status")).to_contain_text("已读出草稿")
    assert page.locator("mark.target").count() >= 7
    assert axe(page) == []
    goal = edit_first_target(page, "29.5")
    expect(goal).to_contain_text("29.5")
    page.reload()
    expect(page.locator("#reading .item.target .goal").first).to_contain_text("29.5")
    page.get_by_role("link", name="补为目标").click()
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile("#target-n01$"))
    in_sight(page, "#target-n01")
    expect(page.locator("#at-target-n01")).to_have_text(re.compile("河道透明度0.6米$"))
    adopt(page)
    page.goto("/jinshan/plans/")
    assert page.locator("tbody tr").first.inner_text().count("已采用") == 1
    assert where.split("/plans/")[1] in page.locator("tbody tr a").first.get_attribute("href")
    page.goto("/jinshan/runs/")
    page.fill("input[name=as_of]", "2025-10-31")
    page.get_by_role("button", name="评估").click()
    page.wait_for_url(re.compile(r"/runs/\d+/$"))
    page.goto("/jinshan/tasks/")
    expect(page.locator("main")).to_contain_text("治理扬尘污染")


def test_the_real_plan_is_uploaded_read_corrected_and_adopted(page, axe):
    upload(page, shared("plans/jinshan-2024-2026.txt"))
    expect(page.locator("#reading")).to_contain_text("24 项任务")
    assert axe(page) == []
    expect(edit_first_target_with(page, "细颗粒物", "27.5")).to_contain_text("27.5")
    adopt(page)


def edit_first_target_with(page, name: str, value: str):
    key = page.locator("#reading .item.target", has_text=name).first.get_attribute("id")
    page.locator(f"#{key} .edit").click()
    page.locator(f"#{key} [name=value]").fill(value)
    page.locator(f"#{key} button", has_text="保存").click()
    return page.locator(f"#{key} .goal")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_item_and_its_sentence_lead_to_each_other(visit, document, scripts):
    page = visit(java_script_enabled=scripts)
    upload(page, document(sample.TEXT + f"\n附：脚本{scripts}。\n"))
    page.locator("#task-2 > .go a").first.click()
    page.wait_for_url(re.compile("#at-task-2$"))
    page.locator("#at-target-n01, #original mark.target a.to").last.click()
    page.wait_for_url(re.compile("#target-"))
    key = page.url.split("#")[1]
    if scripts:
        in_sight(page, f"#{key}")
        page.locator("#original mark.measure").last.click(position={"x": 60, "y": 10})
        page.wait_for_url(re.compile("#measure-"))
        in_sight(page, "#" + page.url.split("#")[1])


def test_on_a_phone_the_panes_are_tabs(visit, document):
    page = visit("office", "zh-hans", "phone")
    upload(page, document(sample.TEXT + "\n附：手机。\n"))
    only(page, "#reading", "#original")
    page.locator(".tabs a").first.click()
    only(page, "#original", "#reading")
    page.locator("#original mark.target a.to").last.click()
    only(page, "#reading", "#original")
    in_sight(page, "#" + page.url.split("#")[1])


def test_without_scripts_everything_can_be_done_by_whole_pages(visit, document):
    page = visit(java_script_enabled=False)
    upload(page, document(sample.TEXT + "\n附：整页。\n"))
    page.locator("#reading .item.target .edit").first.click()
    page.fill("[name=value]", "28.5")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#reading .item.target .goal").first).to_contain_text("28.5")


@pytest.fixture
def window(browser, site):
    """A window whose console may complain, as a browser does of every refusal."""
    context = browser.new_context(viewport=SIZES["laptop"], base_url=site)
    context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": site}])
    page = context.new_page()
    sign_in(page, "office")
    yield page
    context.close()


def test_a_refusal_is_told_in_place(window, document, axe):
    window.goto("/jinshan/plans/upload/")
    window.set_input_files("input[name=file]", document(sample.NO_PLAN))
    window.get_by_role("button", name="上传并读取").click()
    window.locator("#why").wait_for()
    expect(window.locator("#why")).to_contain_text("这不是一份规划")
    assert window.url.endswith("/upload/")
    assert axe(window) == []


def test_a_wrong_number_is_told_beside_the_field(window, document):
    upload(window, document(sample.TEXT + "\n附：错数。\n"))
    window.locator("#reading .item.target .edit").first.click()
    form = window.locator("#reading form.fields")
    form.locator("[name=due]").fill("2040")
    form.get_by_role("button", name="保存").click()
    alert = window.locator("#reading [role=alert]").filter(has_text="2040")
    alert.wait_for()
    expect(form.locator("[name=due]")).to_have_value("2040")
    form.get_by_role("link", name="取消").click()
    form.wait_for(state="detached")
    expect(window.locator("#reading .item.target .goal").first).to_contain_text("30")


def test_an_edition_frozen_meanwhile_says_so(window, visit, document):
    where = upload(window, document(sample.TEXT + "\n附：同时。\n"))
    window.locator("#reading .item.target .edit").first.click()
    window.locator("#reading form.fields").wait_for()
    other = visit()
    other.goto(where)
    adopt(other)
    window.get_by_role("button", name="保存").click()
    window.locator("main", has_text="内容已冻结").wait_for()


def large(tmp_path):
    place = tmp_path / "大文件.txt"
    with place.open("wb") as file:
        file.truncate(100 * 2**20)
    return place


def test_a_hundred_megabytes_are_told_before_they_are_sent(page, tmp_path):
    page.goto("/jinshan/plans/upload/")
    page.set_input_files("input[name=file]", large(tmp_path))
    told = page.locator(".too-large")
    told.wait_for()
    expect(told).to_contain_text(re.compile("100.0 MB.*40 MB|40 MB.*100.0 MB", re.DOTALL))
    expect(page.get_by_role("button", name="上传并读取")).to_be_disabled()


def test_a_hundred_megabytes_that_are_sent_get_their_answer(browser, site, tmp_path):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "office")
    page.goto("/jinshan/plans/upload/")
    page.set_input_files("input[name=file]", large(tmp_path))
    page.get_by_role("button", name="上传并读取").click()
    page.locator("#why").wait_for(timeout=60_000)
    expect(page.locator("#why")).to_contain_text("超过上限 40 MB")
    context.close()


@pytest.fixture
def draft_address(visit, document):
    page = visit()
    page.goto("/jinshan/plans/")
    known = page.locator("tr", has_text="草稿").locator("a").first
    return known.get_attribute("href") if known.count() else upload(page, document(sample.TEXT + "\n附：样张。\n"))


@pytest.mark.parametrize("size", ["laptop", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_fits_and_is_open_to_all(visit, axe, draft_address, language, size):
    page = visit("office", language, size)
    forms = ["facts/", "add-target/?unread=0", "tasks/1/", "adopt/", "discard/"]
    page.goto(draft_address)
    first = page.locator("#reading .item.target .edit").first.get_attribute("href")
    for address in ["/jinshan/plans/", "/jinshan/plans/upload/", "/jinshan/plans/1/", draft_address, draft_address + "#original",
                    first, *(draft_address + one for one in forms)]:  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], address
        assert page.evaluate(WIDER) == [], address
        assert axe(page) == [], address
    page.goto(draft_address)
    page.locator("#task-1 > .go .edit").click()
    page.locator("#task-1 form.fields").wait_for()
    page.evaluate("scrollTo(0, 0)")  # tabs that stay in sight cover what scrolls under them
    assert page.evaluate(WIDER) == []
    assert axe(page) == []
