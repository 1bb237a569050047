"""The numbered skeleton of a document: 第一章, 一、, （一）, 1., （1）, ①, annexes and boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .regions import Regions

ANNEX, PART, SECTION, CHAPTER, ARTICLE, THEME, ITEM, SUBITEM, POINT = 1, 2, 3, 4, 5, 6, 7, 8, 9

_CN = "一二三四五六七八九十百零〇"
_MARKERS = (
    (
        ANNEX,
        re.compile(
            r"(?P<no>附(?:件|表|录)) ?[:：]?\d{0,2}[:：]?(?=$)|(?P<no2>附(?:件|表|录) ?[\d一二三四五六七八九十]{1,2})[:：]?(?![、，\d])"
        ),
    ),
    (PART, re.compile(rf"(?P<no>第[{_CN}\d]{{1,4}}(?:编|篇|部分|章))[、：]?(?![件程节])")),
    (SECTION, re.compile(rf"(?P<no>第[{_CN}\d]{{1,4}}节)(?![目约能水电课])")),
    (ARTICLE, re.compile(rf"(?P<no>第[{_CN}\d]{{1,6}}条)(?![件线款])")),
    (CHAPTER, re.compile(rf"(?P<no>[{_CN}]{{1,4}})(?:、|[.．](?!\d))")),
    (THEME, re.compile(rf"(?P<no>（[{_CN}]{{1,4}}）)、?")),
    (SUBITEM, re.compile(r"(?P<no>（\d{1,3}）|\d{1,2}）|[⑴-⒇])[、.]?")),
    (POINT, re.compile(r"(?P<no>[①-⑳])[、.]?")),
    (ITEM, re.compile(r"(?P<no>\d{1,3})(?:、|\. ?(?!\d(?!\d{3}年)))")),
)
_OPEN = "（《“〔【"
_CLOSE = "）》”〕】"
_LABEL = re.compile(r"[^，。；：（）]{2,24}：(?=.)")
_PREAMBLE = re.compile(
    r"总体(?:要求|思路|目标|部署)|指导思想|(?:基本|工作|总体|实施|主要)原则|(?:重大|重要)?意义|形势|背景|现状|(?:工作|发展|建设)?基础$|"
    r"(?:工作|发展|主要|行动|建设|预期|总体|具体|任务|阶段|试点|年度|攻坚|治理|奋斗|战略|近期|创建|规划)目标|^目标|主要指标|指标体系$|"
    r"(?:实施|试点|工作|适用|编制|规划|建设|整治|行动|创建)(?:范围|对象|区域)$|(?:实施|工作|试点|推进|时间|进度)(?:步骤|安排|阶段|计划|进度)|"
    r"编制依据|规划(?:背景|依据|期限|范围)|实施(?:时间|期限)|回顾|取得的?(?:成效|成绩)|存在的?(?:问题|困难)|面临|机遇|挑战|主要成效|工作成效|发展成就"
)
_GOALS = re.compile(r"目标|指标|总体要求|总体思路|愿景")
_PAST = re.compile(r"形势|背景|现状|基础$|意义|回顾|成效|成绩|问题|面临|成就|依据")
_SAFEGUARD = re.compile(
    r"^(?:.{0,6})?(?:保障(?:措施|机制|体系|支撑)|组织(?:实施|保障|领导)|实施保障|工作(?:要求|保障|机制)|有关要求|相关要求|附则|监督(?:考核|检查|评估)|考核(?:评价|评估|监督|办法)|督导|督查|宣传引导|评估考核|政策保障)"
)
_STEPS = re.compile(r"步骤|阶段|安排|进度")


@dataclass(slots=True)
class Node:
    rank: int
    no: str
    title: str
    start: int
    body: int
    line_end: int
    end: int = 0
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    kind: str = "work"
    """past, goals, preamble, steps, safeguards or work."""

    def above(self):
        node = self.parent
        while node:
            yield node
            node = node.parent

    def place(self) -> str:
        """The kind of the innermost heading, from this one upwards, that is not plain work."""
        return next((node.kind for node in (self, *self.above()) if node.kind != "work"), "work")


def _kind(title: str) -> str:
    if len(title) > 24:
        return "work"
    if _SAFEGUARD.search(title):
        return "safeguards"
    if not _PREAMBLE.search(title):
        return "work"
    if _STEPS.search(title):
        return "steps"
    return "goals" if _GOALS.search(title) else "past" if _PAST.search(title) else "preamble"


@dataclass(frozen=True, slots=True)
class Outline:
    nodes: tuple[Node, ...]
    starts: tuple[int, ...]


def paragraphs(text: str):
    """Start and end of every paragraph."""
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def marker(line: str):
    """Rank, number and length of the marker that opens a line, or None."""
    head = line[:16]
    for rank, pattern in _MARKERS:
        match = pattern.match(head)
        if match:
            return rank, match["no"] or match["no2"] if rank == ANNEX else match["no"], match.end()
    return None


def outline(text: str, first: int, skipped: Regions) -> Outline:
    """Every numbered heading from a position on, each knowing its parent and where it ends."""
    nodes: list[Node] = []
    open_nodes: list[Node] = []
    item = ""
    for start, end in paragraphs(text):
        head = text[start : start + 16] if start >= first and start not in skipped else ""
        found = (marker(head) or _next_item(head, item)) if head else None
        if found:
            node = _node(text, start, end, *found)
            _close(open_nodes, node)
            nodes.append(node)
            item = node.no if node.rank == ITEM else item
    for node in open_nodes:
        node.end = len(text)
    return Outline(tuple(nodes), tuple(node.start for node in nodes))


_DECIMAL = re.compile(r"(\d{1,3})\.(?=\d)")


def _next_item(head: str, item: str):
    """11.121工程 after item 10: a number that goes on with the count, though a digit follows its point."""
    match = _DECIMAL.match(head)
    goes_on = match and item and int(match[1]) == int(item) + 1
    return (ITEM, match[1], match.end()) if goes_on else None


def _node(text: str, start: int, end: int, rank: int, no: str, length: int) -> Node:
    title_end = title_stop(text, start + length, end)
    title = text[start + length : title_end].strip("。；：、 \t")
    body = min(title_end + (text[title_end : title_end + 1] in "。；："), end)
    return Node(rank, no, title, start, body, end, kind=_kind(title))


def _close(open_nodes: list[Node], node: Node):
    while open_nodes and open_nodes[-1].rank >= node.rank:
        open_nodes.pop().end = node.start
    if open_nodes:
        node.parent = open_nodes[-1]
        node.parent.children.append(node)
    open_nodes.append(node)


def title_stop(text: str, start: int, end: int) -> int:
    """Where the heading at the head of a paragraph stops: its first full stop outside brackets, or a short label's colon."""
    label = _LABEL.match(text, start, min(end, start + 26))
    depth = 0
    for i in range(start, min(end, start + 400)):
        char = text[i]
        depth = max(0, depth + (char in _OPEN) - (char in _CLOSE))
        if not depth and char in "。\t":
            return i
        if label and i == label.end() - 1:
            return i
    return min(end, start + 400)
