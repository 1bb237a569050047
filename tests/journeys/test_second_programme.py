"""An invented city in English, with tasks in two levels, on a server of its own: no other journey should see it."""

import subprocess

import pytest
from playwright.sync_api import expect

from .conftest import PASSWORD, ROOT, SIZES, command, in_folder, served, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(200)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    home = in_folder(tmp_path_factory.mktemp("rivermouth"))
    folder = ROOT / "programmes" / "rivermouth"
    load = command("programme", "load", str(folder))
    judge = command("evaluate", "--programme", "rivermouth", "--as-of", "2026-09-30")
    account = command(
        "account", "open", "rm-office", "--role", "office", "--name", "Plan office", "--own", "--password", PASSWORD
    )
    for words in (load, judge, account):
        subprocess.run(words, env=home, cwd=ROOT, check=True, capture_output=True)
    with served(home, workers=1) as address:
        yield address


@pytest.fixture
def page(browser, site):
    """A reader who has never chosen a language."""
    complaints = []
    context = browser.new_context(viewport=SIZES["laptop"], base_url=site)
    found = context.new_page()
    found.on("pageerror", lambda error: complaints.append(str(error)))
    yield found
    context.close()
    assert complaints == []


def test_the_city_is_read_in_english_from_the_whole_to_its_parts_and_rows(page, axe):
    sign_in(page, "rm-office")
    page.goto("/rivermouth/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Living River Plan of the City of Rivermouth 2025–2029 (invented)"
    )
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main")).to_contain_text("invented place and plan")
    assert axe(page) == []

    page.get_by_role("link", name="Tasks", exact=True).click()
    page.wait_for_url("**/rivermouth/tasks/")
    page.locator("main").get_by_role("link", name="1　Bring the river back to life").click()
    page.wait_for_url("**/rivermouth/tasks/1/")
    parts = page.locator("section", has=page.get_by_role("heading", name="Parts of this task"))
    expect(parts.get_by_role("listitem")).to_have_count(3)
    assert axe(page) == []

    parts.get_by_role("link", name="1.2 Let fish pass").click()
    page.wait_for_url("**/rivermouth/tasks/1.2/")
    expect(page.locator(".trail")).to_contain_text("1 Living river")
    expect(page.locator("main")).to_contain_text("Harbour Authority")

    page.goto("/rivermouth/registers/weirs/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Weirs")
    expect(page.locator("main")).to_contain_text("W03")


def test_the_reader_may_switch_to_chinese(page):
    sign_in(page, "rm-office")
    page.goto("/rivermouth/tasks/1/")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("heading", level=1)).to_contain_text("让河流恢复生机")
    page.goto("/rivermouth/")
    expect(page.get_by_role("heading", level=1)).to_have_text("河口市活力河流计划（2025-2029年，虚构）")
