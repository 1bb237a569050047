"""From the list of sites to the row a number was made of."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


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
