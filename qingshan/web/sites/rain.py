"""Rain gauges: the rain of days, months and years, and the depth that captures a share of its runoff."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from django.utils.translation import gettext as _

from qingshan.observations.assess.histories import CURVE, History, rain_by_month, rate
from qingshan.standards.rounding import round_gbt8170
from qingshan.web import measuring, wording
from qingshan.web.sites import parts
from qingshan.web.sites.parts import Cell, Compared, Line

TEMPLATE = "rain"
UNIT = "mm"
APART = 0.05  # of a year, by which the days of two may differ that are compared


def found_of(programme) -> dict[str, History]:
    return measuring.histories_of(programme, "rain")


def heads() -> list[tuple[str, bool]]:
    return [(_("雨量站"), False), (_("资料年限"), False), (_("最近一年"), False), (_("年雨量 mm"), True), (_("设计降雨量（75 %）mm"), True), (_("可用数据"), True)]  # fmt: skip


def line(site: Mapping, history: History | None) -> Line:
    if history is None or not history.periods["year"]:
        return Line(site)
    year, whole = history.periods["year"][-1], history.periods["whole"][-1]
    n, of = history.rows[year.period]
    cells = [
        Cell(_("资料年限"), f"{whole.first}–{whole.last}"),
        Cell(_("最近一年"), year.period),
        Cell(_("年雨量 mm"), depth(year.total), number=True),
        Cell(_("设计降雨量（75 %）mm"), str(whole.design.get(75, "—")), number=True),
        Cell(_("可用数据"), wording.percent(measuring.share(n, of) or 0), number=True),
    ]
    return Line(site, cells, "", depth(year.total).split(".")[0])


def of_group(found: Iterable[History], programme, code: str) -> tuple[str, str] | None:
    return None


def page(site: Mapping, history: History, asked: Mapping, programme) -> dict:
    year, whole = parts.years(history, asked), history.periods["whole"][-1]
    known = [one.period for one in history.periods["year"]]
    now, then = parts.two(asked, known)
    days = [[str(day), f"{fallen.normalize():f}"] for day, fallen in history.days if day.year == year]
    months = rain_by_month(history)
    curve = [[ratio, str(whole.design[ratio])] for ratio in CURVE if ratio in whole.design]
    return {
        "year": year, "item": "", "newest_on": str(history.days[-1][0]) if history.days else "", "whole": whole, "curve": curve,
        "series": parts.drawn(site, [{"name": _("日雨量"), "rows": days}], UNIT, bars=True),
        "design": parts.drawn(site, [{"name": _("设计降雨量"), "rows": curve}], UNIT, curve="%"),
        "months": [(month, *months[month]) for month in sorted(months) if month.startswith(str(year))],
        "all_years": [_year(one) for one in reversed(history.periods["year"])],
        "known": known, "now": now, "then": then, "compared": _compared(history, now, then), "editions": parts.editions([whole.edition]),
    }  # fmt: skip


def depth(rain: Fraction) -> str:
    """Rain [mm] to a tenth, as gauges tell it."""
    return str(round_gbt8170(rain, 1))


def _year(one) -> dict:
    return {
        "period": one.period, "total": depth(one.total), "days": f"{one.days}/{one.of_days}", "runoff": one.runoff_days,
        "captured": rate(one.captured),
    }  # fmt: skip


def _compared(history: History, now: str, then: str) -> list[Compared]:
    first, second = history.at("year", now), history.at("year", then)
    if first is None or second is None:
        return []
    captured = [rate(one.captured) for one in (second, first)]
    alike = abs(first.days / first.of_days - second.days / second.of_days) <= APART
    moved = parts.moved(second.total, first.total) if alike else _("天数不同")
    return [
        Compared(_("有值日数"), _("天"), str(first.days), str(second.days), ""),
        Compared(_("年雨量"), UNIT, depth(first.total), depth(second.total), moved),
        Compared(_("产流日数"), _("天"), str(first.runoff_days), str(second.runoff_days), ""),
        Compared(_("按设计降雨量控制的径流比例"), "%", *(str(one if one is not None else "—") for one in reversed(captured)), ""),
    ]  # fmt: skip
