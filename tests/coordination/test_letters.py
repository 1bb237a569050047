from datetime import date

from lxml import html

from qingshan.coordination.letters import Line, letter
from qingshan.coordination.matters import Text

DAY = date(2025, 10, 31)
LINES = [
    Line("alert node 1", Text("警示", "warning"), Text("管网<改造>", "Sewers & <pipes>"), Text("逾期 6 个工作日。", "6 working days late."), "/trial/a/1/"),
    Line("assignment 2", Text("交办", "assignment"), Text("报安排", "Report"), Text("水务局牵头。", "Led by water."), "/trial/b/2/", True),
]  # fmt: skip


def test_a_letter_in_chinese_names_each_matter_with_its_page():
    said = letter("zh-hans", "试验计划", DAY, LINES, "https://qingshan.example/")
    assert said.subject == "试验计划：2 件事等您办理（2025-10-31）"
    assert "1. [警示] 管网<改造>\n   逾期 6 个工作日。\n   https://qingshan.example/trial/a/1/" in said.text
    assert "水务局牵头。（模拟数据）" in said.text and "逾期 6 个工作日。（模拟" not in said.text


def test_a_letter_in_english_has_no_chinese():
    said = letter("en", "Trial plan", DAY, LINES)
    assert not any("一" <= sign <= "鿿" for sign in said.subject + said.text + said.html)
    assert "Led by water. (simulated data)" in said.text


def test_html_says_the_same_and_text_never_becomes_markup():
    said = letter("en", "Trial plan", DAY, LINES, "https://qingshan.example")
    page = html.fromstring(said.html)
    assert [one.text_content() for one in page.findall(".//li/a")] == ["Sewers & <pipes>", "Report"]
    assert [one.get("href") for one in page.findall(".//li/a")] == [
        "https://qingshan.example/trial/a/1/", "https://qingshan.example/trial/b/2/",
    ]  # fmt: skip
    assert page.find(".//pipes") is None


def test_without_the_site_s_address_no_link_is_given():
    said = letter("zh-hans", "试验计划", DAY, LINES)
    assert "/trial/" not in said.text + said.html
