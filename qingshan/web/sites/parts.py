"""What the pages of several media share: cells, names of items, two periods side by side."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingshan.observations.assess import histories
from qingshan.observations.assess.asking import change
from qingshan.observations.assess.reports import told
from qingshan.observations.assess.results import Result
from qingshan.standards.editions import Edition
from qingshan.standards.measured import Censored
from qingshan.standards.names import english
from qingshan.web import measuring, wording

STEPS = 5  # shades of a class that no standard gives a colour


class Cell(NamedTuple):
    """A cell of the list: a mark in the colour of a class, words, and quieter words after them."""

    label: str
    words: str = ""
    look: str = ""
    mark: str = ""
    quiet: str = ""
    number: bool = False


class Line(NamedTuple):
    """A site in the list: its cells, and its mark on the map."""

    site: Mapping
    cells: Sequence[Cell] = ()
    look: str = ""
    short: str = "–"


class Compared(NamedTuple):
    """An item in two periods, and by how much it changed."""

    name: str
    unit: str
    now: str
    then: str
    moved: str


def item_name(item: str) -> str:
    return english(item) if get_language() == "en" else item


def names(items: Iterable[str]) -> str:
    return _("、").join(map(item_name, items))


def step(no: int | None) -> str:
    """The shade of a class, the first the lightest; nothing where there is none."""
    return f"step-{min(no, STEPS)}" if no else ""


def years(history: histories.History, asked: Mapping) -> int:
    text = asked.get("year", "")
    return int(text) if text in map(str, history.years) else history.years[-1]


def chosen(asked: Mapping, known: Sequence[str], name: str, usual: str) -> str:
    return asked[name] if asked.get(name) in known else usual


def signed(moved) -> str:
    if moved is None:
        return "—"
    return f"{moved:+}".replace("-", "−") if moved else f"{abs(moved)}"


def moved(then: Any, now: Any) -> str:
    """By how much a value rose [%]."""
    return signed(change({"it": then}, {"it": now})["it"])


def measured(result: Result | None):
    return None if result is None else result.measured


def two(asked: Mapping, known: Sequence[str]) -> tuple[str, str]:
    """The two periods to compare: those asked for, else the newest that has one before it of the same length, and that one."""
    usual = next((one for one in reversed(known) if _before(one, known)), known[-1])
    now = chosen(asked, known, "now", usual)
    return now, chosen(asked, known, "then", _before(now, known) or now)


def _before(period: str, known: Sequence[str]) -> str | None:
    """The same period of the year before, else the newest earlier one of its length."""
    year_before = f"{int(period[:4]) - 1}{period[4:]}"
    alike = [one for one in known if len(one) == len(period) and one < period]
    return year_before if year_before in known else alike[-1] if alike else None


def lacking(why: str) -> str:
    """Why an item was not judged."""
    return {
        "missing": _("缺测"),
        "invalid": _("无效"),
        "out_of_range": _("超出范围"),
        "undecidable": _("检出限高于限值，无法判定"),
        "not_measured": _("没有监测"),
        "nuclides": _("应进行核素分析"),
        "no_natural_value": _("站位没有写明自然值，增量没有评价"),
    }.get(why, why)


def editions(known: Iterable[Edition]) -> list[dict]:
    """The editions with their clauses and marks."""
    return [told(one) | {"clauses": clauses(one.content.get("clauses", {}))} for one in histories.editions_of(known)]


def clauses(known: Mapping[str, str]) -> str:
    """The places of an edition that a rule stands at: 表 1、5.4."""
    found = _("、").join(dict.fromkeys(map(str, known.values())))
    if get_language() == "en":
        return found
    for english_, chinese in (
        ("tables ", "表 "),
        ("table ", "表 "),
        ("annex ", "附录 "),
        (" and ", "、"),
        (" to ", "–"),
        (", ", "、"),
    ):
        found = found.replace(english_, chinese)
    return found


def completeness(history: histories.History) -> list[tuple[str, int, int, Any]]:
    """By year: usable rows, all rows, and their share."""
    return [(year, n, of, measuring.share(n, of)) for year, (n, of) in sorted(history.rows.items(), reverse=True)]


def faults(history: histories.History) -> list[str]:
    return [wording.said({"zh": one.zh, "en": one.en}) for one in history.faults]


def drawn(site: Mapping, lines: Sequence[Mapping], unit: str, limits: Sequence[tuple[str, str]] = (), **more) -> dict:
    """What the chart of a site draws: lines with their rows, limits with their words."""
    words = {"simulated": _("模拟"), "missing": _("缺测")}
    return {
        "lines": lines,
        "unit": unit,
        "limits": [list(one) for one in limits],
        "simulated": site["simulated"],
        "words": words,
        **more,
    }


def samples(history: histories.History, item: str, year: int | None = None) -> list[list]:
    """An item's values for a chart, with the sign of those below detection; a value that may not be used is a gap."""
    return [
        [f"{one.time:%Y-%m-%d}", None if one.value is None else f"{one.value.normalize():f}", "< " if one.below else ""]
        for one in history.samples[item]
        if year in (None, one.time.year)
    ]


def below(value) -> bool:
    return isinstance(value, Censored)
