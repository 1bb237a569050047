"""The years of ambient air in words: rows of the table, what is lacking, trends."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qingshan.evidence.measurements.queries import sites_of
from qingshan.observations.assess.air_tables import IN_FORCE
from qingshan.observations.assess.annual import Annual, standing
from qingshan.observations.assess.stations import PERCENTILES, UNITS, Early, editions_of
from qingshan.observations.assess.unmonitored import MARK
from qingshan.standards.editions import edition
from qingshan.web import measuring, wording


class Value(NamedTuple):
    """An item's statistic of the year, by how many times it exceeds its limit, and why it is incomplete."""

    label: str
    text: str
    over: str
    lacking: str


class Row(NamedTuple):
    """A year of the district or of a station. `qualified`: by which edition, with or without dust days, where that is not usual."""

    title: str
    code: str
    qualified: Sequence[str]
    values: Sequence[Value]
    composite: str
    index_lacks: str
    days: str
    rate: str
    attained: str
    look: str


class Trend(NamedTuple):
    item: str
    span: str
    mean: str
    coefficient: str
    words: str


def heads() -> list[tuple[str, str]]:
    """The items and, of those that are not told by their mean, the percentile."""
    return [(name, f"P{PERCENTILES[item]}" if item in PERCENTILES else "") for item, name in measuring.AIR.items()]


def whole(found: Annual) -> list[Row]:
    """All years of the district, the newest first."""
    newest_first = sorted(found.district, key=lambda one: -one["year"])
    return [_row(one, str(one["year"]), "") for one in newest_first]


def apart(programme, found: Annual, year: int) -> list[Row]:
    """A year of each station, as it counts."""
    told = {code: [one for one in standing(rows) if one["year"] == year] for code, rows in found.stations.items()}
    sites = sites_of(programme, "air")
    return [_row(row, wording.said(one), one["code"]) for one in sites for row in told.get(one["code"], [])]


def _row(one: Mapping, title: str, code: str) -> Row:
    return Row(
        title, code, _qualified(one), [_value(item, one) for item in measuring.AIR], _text(one["composite"]),
        measuring.index_lacks(one["composite_lacks"]), f"{one['good_days']}/{one['valid_days']}", _text(one["good_rate"]), *_attained(one["attained"]),
    )  # fmt: skip


def _qualified(one: Mapping) -> list[str]:
    told = []
    if one["under"] != IN_FORCE:
        told.append(_("全年按 %(edition)s") % {"edition": edition("hj633", code=one["under"]).standard})
    if one["dust_days"] == "without":
        told.append(_("不含沙尘日"))
    return told


def _value(item: str, one: Mapping) -> Value:
    name, kind = measuring.AIR[item], "percentile" if item in PERCENTILES else "mean"
    if f"{item}_{kind}" not in one:
        return Value(name, MARK if item in one["unmonitored"] else "—", "", "")
    over = one[f"{item}_over"]
    return Value(name, str(one[f"{item}_{kind}"]), _text(over, "") if over else "", _lacking(one, item))


def _lacking(one: Mapping, item: str) -> str:
    """What of a year is lacking that its evaluation asks."""
    told = one[f"{item}_incomplete"]
    if not told:
        return ""
    if told == "year":
        return _("全年有效 %(days)s 天，不足") % {"days": one[f"{item}_days"]}
    return _("%(month)s月有效日数不足") % {"month": told.removeprefix("month ")}


def _text(value: Any, nothing: str = "—") -> str:
    return nothing if value is None else str(value)


def _attained(told: bool | None) -> tuple[str, str]:
    if told is None:
        return pgettext("of a year", "数据不足，不评价"), "quiet"
    return (_("达标"), "good") if told else (_("未达标"), "bad")


def trends(found: Annual) -> list[Trend]:
    """Of the district: the mean of the newest three years, and Spearman's test over five and more."""
    return [_trend(one) for one in found.trends if one["item"] in measuring.AIR]


def _trend(one: Mapping) -> Trend:
    item, span = measuring.AIR[one["item"]], f"{one['first']}–{one['last']}"
    mean = f"{one['three_year_mean']} {UNITS[one['item']]}"
    if one["coefficient"] is None:
        return Trend(item, span, mean, "—", _("不足五年，不检验"))
    words = {"up": _("上升"), "down": _("下降")}.get(one["direction"], "") if one["significant"] else ""
    return Trend(item, span, mean, str(one["coefficient"]), words or _("变化不显著"))


def early(programme, code: str = "") -> list[str]:
    """A sentence for each station (or the one of that code) of whose days some are not judged, since no edition was in force."""
    known = measuring.early_of_air(programme)
    there = [one for one in sites_of(programme, "air") if one["code"] in known and code in ("", one["code"])]
    return [_early(wording.said(one), known[one["code"]]) for one in there]


def _early(station: str, told: Early) -> str:
    return ngettext(
        "%(station)s：%(since)s 至 %(until)s 有 %(days)s 天早于 %(first)s，当时没有在全国施行的标准版本，没有评价。",
        "%(station)s：%(since)s 至 %(until)s 有 %(days)s 天早于 %(first)s，当时没有在全国施行的标准版本，没有评价。",
        told.days,
    ) % {"station": station, **told._asdict()}


def editions(found: Annual) -> list[Mapping]:
    """The editions that hold on any day of these years."""
    return editions_of(date(found.years[0], 1, 1), date(found.years[-1], 12, 31))
