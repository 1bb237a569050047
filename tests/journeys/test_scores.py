"""A period's scores from the office's draft over a body's objection to the leader's signature."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

EVERYONE_ELSE_CONSENTS = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "qingshan.config.settings"
import django
django.setup()
from qingshan.evaluation.scores import actions
from qingshan.evaluation.scores.models import Sheet
from qingshan.evaluation.scores.queries import silent_bodies
from qingshan.people.models import User
sheet = Sheet.objects.get(period="2024-H2", state="published")
for code in silent_bodies(sheet):
    actions.consent(by=User.objects.get(role="liaison", body__code=code), sheet=sheet)
"""


def compute(office) -> str:
    office.goto("/jinshan/scores/")
    office.select_option("select[name=period]", "2024-H2")
    office.get_by_role("button", name="计算").click()
    expect(office.get_by_role("status")).to_have_text("已计算 2024-H2 的评分，存为草稿。")
    return re.search(r"/jinshan/scores/\d+/", office.url).group()


@pytest.mark.timeout(240)
def test_published_objected_upheld_and_signed(visit, home, axe):
    office, leader, liaison = visit("office"), visit("leader"), visit("liaison-sthjj")

    address = compute(office)
    assert liaison.request.get(address).status == 404  # a draft is not shown to the bodies
    leader.goto("/jinshan/runs/1/")
    leader.get_by_role("button", name="签署这次评估").click()
    expect(leader.locator("main")).to_contain_text("已签署")
    address = compute(office)  # now on an evaluation that is signed
    office.get_by_role("button", name="公布，征求异议").click()
    expect(office.get_by_role("status")).to_have_text("已公布，各部门可以提出异议。")
    cell = office.locator("table.scores tbody tr", has_text="区生态环境局").locator("td.part").last
    expect(cell).to_contain_text(re.compile(r"\d+/\d+"))
    before = cell.inner_text()

    liaison.goto(address)
    liaison.get_by_role("link", name="本部门").click()
    line = liaison.locator("#outfalls tr", has_text="提出异议").first
    title = line.locator("th a").inner_text()
    line.locator("summary").click()
    line.locator("textarea").fill("整改已于期限内完成，登记日期有误")
    line.locator("input[name=evidence]").fill("整改验收单")
    assert axe(liaison) == []
    line.get_by_role("button", name="提交异议").click()
    expect(liaison.get_by_role("status")).to_have_text("异议已提交，等待计划办答复。")
    expect(liaison.locator("#outfalls tr", has_text=title)).to_contain_text("待答复")

    other = visit("liaison-swj")
    other.goto(address)
    expect(other.locator("#objections")).to_contain_text("理由和佐证只给该部门和计划办看")
    expect(other.locator("#objections")).not_to_contain_text("登记日期有误")

    office.reload()
    office.locator("#objections textarea").fill("经核实按期完成，予以更正")
    office.get_by_role("button", name="支持，这一行不计").click()
    expect(office.get_by_role("status")).to_have_text("已支持这条异议，评分已随之改变。")
    expect(cell).not_to_have_text(before)
    other.reload()
    expect(other.locator("#objections")).to_contain_text("经核实按期完成，予以更正")

    leader.goto(address)
    leader.get_by_role("button", name="签署定稿").click()
    expect(leader.get_by_role("status")).to_contain_text("个部门没有确认")
    subprocess.run([sys.executable, "-c", EVERYONE_ELSE_CONSENTS], env=home, check=True)
    leader.reload()
    leader.get_by_role("button", name="签署定稿").click()
    expect(leader.get_by_role("status")).to_have_text("已签署定稿。这份评分从此不能更改。")
    expect(leader.locator(".head")).to_contain_text("已定稿")
    expect(leader.get_by_role("button", name="签署定稿")).to_have_count(0)


def test_a_demonstrations_sheet_says_that_it_is_one_and_opens_its_rows(visit):
    office = visit("office")
    office.goto("/jinshan/scores/1/")
    expect(office.locator(".note.warning")).to_contain_text("由系统为演示而作")
    row = office.locator("table.scores tbody tr", has_text="区生态环境局")
    row.locator("td.number a").first.click()
    office.wait_for_url("**/bodies/sthjj/#deductions")
    office.locator("#outfalls tbody th a").first.click()
    expect(office.locator("main")).to_contain_text("计划完成日")
