"""The tables of docs/scoring.md, computed anew row by row."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from qingshan.evaluation.scores.rules import OUTCOMES
from qingshan.evaluation.scoring import Count, share_of

from .test_points import body, events, patrol

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "scoring.md").read_text("utf8")
HAPPENED = {"nothing": [], "praised by the province twice": events("praised-province", 2), "no report in twelve months": events("month-missing", 12),
            "refused to help once": events("refused")}  # fmt: skip


def table(head: str) -> list[list[str]]:
    rows = PAGE.split(f"\n| {head} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.parametrize("row", table("合格 good"), ids=lambda row: row[0] + "/" + row[1])
def test_shares_and_intervals(row):
    good, of, weight = ([Decimal(one) for one in cell.split("+")] for cell in row[:3])
    found = share_of([Count(int(g), int(n), w) for g, n, w in zip(good, of, weight, strict=True)], "0.95")
    assert [str(found.rounded), f"{found.low}–{found.high}"] == row[3:]


@pytest.mark.parametrize("row", table("规则集 rules"), ids=lambda row: row[0] + row[1])
def test_real_rule_sets(row):
    happened = next(told for words, told in HAPPENED.items() if row[1].endswith(words))
    count = {"巡查": patrol, "责任单位": body}[row[0].split()[0]]
    assert sum(count(happened).values()) == Decimal(row[2])


def test_what_counts_as_what():
    told = {row[0]: tuple(tuple(re.findall(r"\w+", cell)) for cell in row[2:]) for row in table("source")}
    assert told == OUTCOMES
