"""Rows of a score sheet's pages, from its record. No database here but for the names of bodies handed in."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingshan.evaluation.scores.rules import BAD, GOOD, LEFT_OUT, Scoring
from qingshan.standards.rounding import round_gbt8170
from qingshan.web import wording

OUTCOMES = {
    **wording.STATUSES,
    "on_time": gettext_lazy("按时"),
    "late": gettext_lazy("逾期办结"),
    "missing": gettext_lazy("未报送"),
    "accepted": gettext_lazy("一次接受"),
    "returned": gettext_lazy("被退回"),
    "open": gettext_lazy("到期未完成"),
}
UNCOUNTED = {
    "excused": gettext_lazy("异议已支持，不扣"),
    "twice": gettext_lazy("同一事项已扣过，不再扣"),
    "cap": gettext_lazy("已到该规则上限"),
}
STATES = {
    "draft": gettext_lazy("草稿"),
    "published": gettext_lazy("征求异议"),
    "final": gettext_lazy("已定稿"),
    "withdrawn": gettext_lazy("已撤回"),
}


def weighted(text: str | None) -> str:
    """A sum of weights as printed: 8.5, from 17/2; at most two decimals."""
    return "" if text is None else wording.number(round_gbt8170(Fraction(text), 2).normalize())


@dataclass
class Cell:
    """One part of one body: `told` is what the record says of it."""

    code: str
    name: dict
    told: dict
    minimum: int

    @property
    def few(self) -> bool:
        return 0 < self.told["matters"] < self.minimum

    @property
    def none(self) -> bool:
        return not self.told["matters"]

    @property
    def share(self) -> Decimal | None:
        return None if self.none else Decimal(self.told["share"])

    @property
    def percent(self) -> str:
        return "" if self.none else f"{wording.number(round_gbt8170(self.share * 100, 1), 1)} %"

    @property
    def fraction(self) -> str:
        return f"{weighted(self.told['good'])}/{weighted(self.told['of'])}"

    @property
    def range(self) -> str:
        """The interval as printed, rounded outwards as it is kept."""
        low, high = (wording.number(Decimal(self.told[end]) * 100, 2) for end in ("low", "high"))
        return f"{low}–{high} %"

    @property
    def low(self) -> str:
        return _place(self.told["low"])

    @property
    def high(self) -> str:
        return _place(self.told["high"])

    @property
    def at(self) -> str:
        return _place(self.told["share"])

    @property
    def rank(self) -> str:
        told = self.told["rank"]
        if self.none:
            return _("没有应计事项")
        if not told:
            return _("样本太小（%(count)s 项，不足 %(least)s 项），不排名") % {
                "count": self.told["matters"],
                "least": self.minimum,
            }
        if told["of"] == 1:
            return _("只有这一个部门可排，不排名")
        if told["tells_nothing"]:
            return _("与其余 %(count)s 个部门分不出先后") % {"count": told["of"] - 1}
        if told["best"] == told["worst"]:
            return _("第 %(place)s（共 %(of)s）") % {"place": told["best"], "of": told["of"]}
        return _("第 %(best)s–%(worst)s 之间（共 %(of)s）") % told


def _place(share: str) -> str:
    """Where a share stands on the drawing's line of 100 [px], from 2 on."""
    return f"{Decimal(share) * 100 + 2:.1f}"


@dataclass
class LineRow:
    """A line of the record with what became of it."""

    told: dict
    criterion: object
    weight: Decimal
    judged: int
    moved: list[dict] = field(default_factory=list)
    objection: object = None
    address: str | None = None

    def __getattr__(self, name):
        try:
            return self.told[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def key(self) -> str:
        return f"{self.told['criterion']} {self.told['subject']}"

    @property
    def word(self) -> str:
        return OUTCOMES[self.told["outcome"]]

    @property
    def mark(self) -> str:
        """The shape that goes with its outcome."""
        outcome = self.told["outcome"]
        return (
            outcome
            if outcome in wording.STATUSES
            else {GOOD: "attained", BAD: "off_track", LEFT_OUT: "no_data"}[self.judged]
        )

    @property
    def bad(self) -> bool:
        return self.judged == BAD

    @property
    def left_out(self) -> bool:
        return self.judged == LEFT_OUT


@dataclass
class BodyRow:
    body: object
    told: dict
    cells: list[Cell]

    @property
    def deducted(self) -> Decimal:
        return sum((Decimal(one) for one in self.told["deducted"].values()), Decimal(0))

    @property
    def total(self) -> dict | None:
        return self.told["total"]

    def cell(self, part: str) -> Cell:
        return next(one for one in self.cells if one.code == part)

    @property
    def simulated(self) -> bool:
        return any(one.told["simulated"] for one in self.cells)


class Opened:
    """A sheet with its record in hand."""

    def __init__(self, sheet, bodies: Mapping[str, object], objections: Sequence = ()):
        self.sheet, self.bodies, self.objections = sheet, bodies, list(objections)

    @cached_property
    def record(self) -> dict:
        return json.loads(self.sheet.record)

    @cached_property
    def rules(self) -> Scoring:
        return Scoring.model_validate(self.record["rules"])

    @property
    def parts(self) -> list:
        return self.rules.parts

    @cached_property
    def rows(self) -> list[BodyRow]:
        found = [self._row(told) for told in self.record["bodies"] if told["code"] in self.bodies]
        return sorted(found, key=lambda row: (row.body.order, row.body.code))

    def _row(self, told: dict) -> BodyRow:
        cells = [Cell(one.code, one.name.model_dump(), told["parts"][one.code], one.minimum) for one in self.parts]
        return BodyRow(self.bodies[told["code"]], told, cells)

    @property
    def simulated(self) -> bool:
        return self.sheet.demonstration or any(row.simulated for row in self.rows)

    def lines(self, body: str) -> list[tuple[object, list[LineRow]]]:
        """(criterion, its lines) of a body, the worst first."""
        mine = [self._line(one) for one in self.record["lines"] if one["body"] == body]
        groups: dict[str, list[LineRow]] = defaultdict(list)
        for line in sorted(mine, key=lambda one: (-one.bad, one.left_out, one.told["on"], one.told["subject"])):
            groups[line.told["criterion"]].append(line)
        return [(one, groups[one.code]) for part in self.parts for one in part.criteria if one.code in groups]

    def _line(self, told: dict) -> LineRow:
        criterion = self.rules.criterion[told["criterion"]]
        weight = Decimal(criterion.weight) * (1 if told["binding"] else Decimal(criterion.other))
        key = (told["body"], f"{told['criterion']} {told['subject']}")
        moved = self._moved.get((*key, told["count"] > 1), [])
        return LineRow(
            told, criterion, weight, criterion.judged(told["outcome"]), moved, self._objected.get(key), self._address(told["page"])
        )  # fmt: skip

    @cached_property
    def _objected(self) -> dict:
        return {(one.body.code, one.line): one for one in self.objections}

    @cached_property
    def _moved(self) -> dict:
        found = defaultdict(list)
        for row in self.record["bodies"]:
            for one in row["deductions"]:
                subject, *counted = one["subject"].split(" #")
                found[row["code"], f"{one['criterion']} {subject}", bool(counted)].append(self.deduction(one))
        return found

    def deduction(self, told: dict) -> dict:
        """A deduction with its rule and the reason why it moved nothing."""
        return told | {
            "rule": self.rules.deduction[told["rule"]],
            "uncounted_words": UNCOUNTED.get(told["uncounted"], ""),
        }

    def _address(self, page: Sequence[str]) -> str | None:
        if not page:
            return None
        name, *given = page
        try:
            return reverse(name, args=[self.sheet.programme.code, *given])
        except NoReverseMatch:
            return None

    def title_of(self, body: str, key: str) -> dict:
        """The line an objection names."""
        return next(
            one for one in self.record["lines"] if one["body"] == body and f"{one['criterion']} {one['subject']}" == key
        )


ORDERS = {
    "name": lambda row: (row.body.order, row.body.code),
    "deducted": lambda row: row.deducted,
    "total": lambda row: Decimal(row.total["points"]) if row.total else Decimal(-1),
}


def sorted_rows(rows: list[BodyRow], wanted: str) -> list[BodyRow]:
    """By a part's share, what was deducted, or the total; those who have none of it come last either way."""
    name, back = wanted.lstrip("-"), wanted.startswith("-")
    if name in ORDERS:
        return sorted(rows, key=ORDERS[name], reverse=back)
    if rows and name in {cell.code for cell in rows[0].cells}:
        told = [row for row in rows if not row.cell(name).none]
        return sorted(told, key=lambda row: row.cell(name).share, reverse=back) + [
            row for row in rows if row.cell(name).none
        ]
    return rows


def seen_objections(objections: Sequence, reader) -> list[tuple[object, bool]]:
    """(objection, whether its words are shown) for a reader.

    Whoever judges or watches reads all, a liaison their own. Of another body's objection everyone may know that it was
    made, to which line, and how the office answered it and why: bodies are treated alike only where they can see it. Its
    grounds and evidence stay between that body and the office, since they may name firms and people.
    """
    return [(one, reader.role != "liaison" or one.body_id == reader.body_id) for one in objections]
