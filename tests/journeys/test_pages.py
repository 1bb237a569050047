"""Every page, at a desk and in a hand, in both languages."""

import re

import pytest
from playwright.sync_api import TimeoutError, expect

from .conftest import SIZES

pytestmark = pytest.mark.journey

PAGES = {
    "overview": "/jinshan/",
    "targets": "/jinshan/targets/",
    "target with a forecast": "/jinshan/targets/pm25/",
    "target that counts": "/jinshan/targets/sponge-projects/",
    "target without data": "/jinshan/targets/offshore-wind/",
    "milestone": "/jinshan/targets/beautiful-bay/",
    "tasks": "/jinshan/tasks/",
    "task": "/jinshan/tasks/5/",
    "bodies": "/jinshan/bodies/",
    "body": "/jinshan/bodies/swj/",
    "lists": "/jinshan/lists/",
    "list": "/jinshan/lists/2025/",
    "item of a list": "/jinshan/lists/2025/12/",
    "history of a list": "/jinshan/lists/2025/history/",
    "coverage of lists": "/jinshan/lists/coverage/?show=all",
    "reports": "/jinshan/reports/",
    "report to review": "/jinshan/reports/quarterly/2025-Q3/lhsrj/",
    "runs": "/jinshan/runs/",
    "run": "/jinshan/runs/2/",
    "way back": "/jinshan/runs/2/targets/pm25/",
    "way back of items": "/jinshan/runs/2/targets/sponge-projects/",
    "scores": "/jinshan/scores/",
    "score sheet": "/jinshan/scores/1/",
    "scores of a body": "/jinshan/scores/1/bodies/sthjj/",
    "way back of a register": "/jinshan/runs/2/targets/drainage-users/",
    "zoning": "/jinshan/zoning/",
    "zoning check": "/jinshan/zoning/?datum=wgs84&lon=121.25&lat=30.76&industry=2614&activity=build&kind=machine&stage=3&day=2025-11-23",
    "emergency": "/jinshan/emergency/?datum=wgs84&lon=121.23&lat=30.80&within=9",
    "incident": "/jinshan/emergency/incidents/1/",
    "rivers": "/jinshan/rivers/",
    "biodiversity": "/jinshan/biodiversity/",
    "farmland": "/jinshan/farmland/",
    "way back of farmland": "/jinshan/runs/2/targets/farmland-safe/",
    "coordination": "/jinshan/coordination/",
    "alert": "/jinshan/coordination/alerts/1/",
    "meeting": "/jinshan/coordination/meetings/1/",
    "assignments": "/jinshan/coordination/assignments/",
    "assignment": "/jinshan/coordination/assignments/1/",
    "inbox": "/inbox/",
    "measurements": "/jinshan/measurements/",
    "years of air": "/jinshan/measurements/air-years/",
    "station of air": "/jinshan/measurements/sim-air-1/",
    "section of water": "/jinshan/measurements/sim-lake-1/?item=nh3n&since=2025-09&until=2025-10&with_since=2024-09&with_until=2024-10",
    "well": "/jinshan/measurements/sim-well-tangu-1/",
    "point of soil": "/jinshan/measurements/sim-soil-6/",
    "point of noise": "/jinshan/measurements/sim-noise-4/",
    "building site": "/jinshan/measurements/sim-noise-5/",
    "station of the sea": "/jinshan/measurements/sim-sea-1/",
    "rain gauge": "/jinshan/measurements/sim-rain-1/",
    "way back of a site": "/jinshan/measurements/sim-air-1/origin/?period=2025-10",
    "rows of a site": "/jinshan/measurements/sim-air-1/rows/?item=PM25&since=2025-10-01&until=2025-10-31",
    "registers": "/jinshan/registers/",
    "register": "/jinshan/registers/outfalls/",
    "register with more conditions": "/jinshan/registers/outfalls/?f.planned_on.from=2024-01-01&sort=-planned_on",
    "register of shapes": "/jinshan/registers/zoning-units/",
    "register entry": "/jinshan/registers/waste-free-cells/1/",
    "register entry form": "/jinshan/registers/waste-free-cells/1/edit/",
    "register labels": "/jinshan/registers/waste-free-cells/labels/?entry=1&entry=2",
    "register change of many": "/jinshan/registers/waste-free-cells/bulk/?entry=1&entry=2",
    "register upload": "/jinshan/registers/waste-free-cells/upload/",
    "audit": "/audit/",
    "people": "/people/",
    "password": "/password/",
    "tokens": "/tokens/",
}
# What of a page reaches beyond the window.
WIDER = """() => [
    ...(document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} wide`] : []),
    ...[...document.querySelectorAll('main *')]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility() && !one.closest('.scroll, .only-heard, .map'))
        .map((one) => one.outerHTML.slice(0, 120)).slice(0, 3),
]"""


class TestWalkInChinese:
    """Workers take a class as a whole: two of them walk at once."""

    @pytest.mark.timeout(900)
    def test_every_page_fits_and_is_open_to_all(self, visit, axe):
        walk(visit, axe, "zh-hans", "laptop", "phone")


class TestWalkInEnglish:
    @pytest.mark.timeout(900)
    def test_every_page_fits_and_is_open_to_all(self, visit, axe):
        walk(visit, axe, "en", "phone", "laptop")


def walk(visit, axe, language, size, then):
    """Each page is opened in one size and turned into the other; the rules of access are held against the first."""
    window = {who: visit(who, language, size) for who in ("office", "admin")}
    for name, address in PAGES.items():
        page = window["admin" if name == "people" else "office"]
        page.set_viewport_size(SIZES[size])
        page.goto(address, timeout=120_000)  # the first reader of all measurements waits until they are worked out
        assert page.evaluate(WIDER) == [], name
        assert axe(page) == [], name
        page.set_viewport_size(SIZES[then])
        assert settled(page) == [], (name, then)


def settled(page) -> list[str]:
    """What is too wide once charts and maps have drawn themselves anew for another size."""
    try:
        page.wait_for_function(f"() => ({WIDER})().length === 0", timeout=5_000)
    except TimeoutError:
        return page.evaluate(WIDER)
    return []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_door_fits_and_is_open_to_all(visit, axe, language):
    page = visit(None, language, "phone")
    page.goto("/sign-in/")
    assert axe(page) == []
    page.fill("input[name=username]", "office")
    page.fill("input[name=password]", "wrong")
    page.click("main button")
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe(page) == []


def test_pages_are_whole_without_scripts(visit):
    page = visit("office", java_script_enabled=False)
    page.goto("/jinshan/")
    expect(page.locator("svg.course polyline.actual").first).to_be_visible()
    page.get_by_role("link", name="出处").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^数据来历"))
    page.goto("/jinshan/targets/")
    page.select_option("select[name=status]", "off_track")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url(re.compile("status=off_track"))
    assert page.locator("table.targets tbody tr").count() == page.locator("table.targets .status.off_track").count() > 0


def test_first_paint_needs_no_script_and_nothing_jumps(page):
    page.goto("/jinshan/")
    shift = page.evaluate(
        """() => new Promise((done) => {
            let sum = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((one) => (sum += one.value)))
                .observe({type: 'layout-shift', buffered: true});
            setTimeout(() => done(sum), 800);
        })"""
    )
    assert shift < 0.02


def test_the_keyboard_reaches_everything_in_order(page):
    page.goto("/jinshan/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.closest('main') !== null")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert inside and outline == "solid"


def test_printing_leaves_the_frame_out(page):
    page.goto("/jinshan/")
    page.emulate_media(media="print")
    expect(page.locator("nav.places")).to_be_hidden()
    expect(page.locator("svg.course.wide")).to_be_visible()
    expect(page.locator(".tasks .line").first).to_be_visible()
