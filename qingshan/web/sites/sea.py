"""Stations of the sea, and the area they speak for."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from django.utils.translation import gettext as _

from qingshan.observations.assess import sea
from qingshan.observations.assess.histories import History, rate, shown
from qingshan.standards import sea as law
from qingshan.web import measuring, wording
from qingshan.web.sites import parts
from qingshan.web.sites.groundwater import few
from qingshan.web.sites.parts import Cell, Compared, Line
from qingshan.web.squares import Square, squares

TEMPLATE = "items"
CELL = (96, 26)
SEASONS = ("spring", "summer", "autumn", "winter")


def season(code: str) -> str:
    return {"spring": _("春季"), "summer": _("夏季"), "autumn": _("秋季"), "winter": _("冬季")}[code]


def class_name(no: int | None) -> str:
    return [_("一类"), _("二类"), _("三类"), _("四类"), _("劣四类")][no - 1] if no else ""


def grade_name(no: int | None) -> str:
    return [_("优"), _("良好"), _("一般"), _("差"), _("极差")][no - 1] if no else "—"


def found_of(programme) -> dict[str, History]:
    return measuring.histories_of(programme, "sea")


def heads() -> list[tuple[str, bool]]:
    return [(_("站位"), False), (_("最近一次"), False), (_("类别"), False), (_("定类项目"), False), (_("代表面积 km²"), True), (_("可用数据"), True)]  # fmt: skip


def line(site: Mapping, history: History | None) -> Line:
    if history is None or not history.periods["season"]:
        return Line(site)
    newest = history.periods["season"][-1]
    n, of = history.rows[newest.period[:4]]
    cells = [
        Cell(_("最近一次"), wording.survey(newest.period)),
        Cell(_("类别"), look=parts.step(newest.no), mark=class_name(newest.no)),
        Cell(_("定类项目"), few(newest.station.deciders)),
        Cell(_("代表面积 km²"), str(site.get("area") or "—"), number=True),
        Cell(_("可用数据"), wording.percent(measuring.share(n, of) or 0), number=True),
    ]
    return Line(site, cells, parts.step(newest.no), class_name(newest.no) or "–")


def of_group(found: Iterable[History], programme, code: str) -> tuple[str, str] | None:
    """The share of good water by area in the newest survey."""
    surveys = areas(found)
    return ("", share_words(surveys[-1])) if surveys else None


def share_words(area) -> str:
    told = {"survey": wording.survey(area.period), "share": "—" if area.good_share is None else rate(area.good_share)}
    return _("%(survey)s优良面积比例 %(share)s %%") % told


def areas(found: Iterable[History], group: str = "") -> list:
    """The surveys of a group of stations, the oldest first."""
    return sea.surveys_of(one for history in found for one in history.periods["season"] if one.group == group)


def page(site: Mapping, history: History, asked: Mapping, programme) -> dict:
    newest = history.periods["season"][-1]
    items = [one.item for one in newest.station.items]
    item = parts.chosen(asked, items, "item", newest.station.deciders[0] if newest.station.deciders else items[0])
    table = newest.station.edition
    bars = table["items"][item]
    known = [one.period for per in ("season", "year") for one in history.periods[per]]
    now, then = parts.two(asked, known)
    return {
        "year": parts.years(history, asked), "item": item, "item_name": parts.item_name(item),
        "items": [(one, parts.item_name(one)) for one in items], "newest_on": wording.survey(newest.period), "look": parts.step(newest.no),
        "mark": class_name(newest.no), "decided": few(newest.station.deciders), "history": _history(history),
        "key": [(parts.step(no), class_name(no)) for no in range(1, law.WORSE + 1)],
        "history_title": _("各次调查的类别"), "history_note": _("站位的类别由最差项目定"),
        "series": parts.drawn(site, [{"name": parts.item_name(item), "rows": parts.samples(history, item)}], _unit(bars), _limits(bars, newest.natural)),
        "heads": [_("二类限值"), _("四类限值")], "lines": [_item(one, newest, table) for one in newest.station.items],
        "known": known, "now": now, "then": then,
        "compared": _compared(history, now, then), "group_table": _bay(site, programme), "editions": parts.editions([table]),
    }  # fmt: skip


def _unit(bars: Mapping) -> str:
    return bars.get("unit", "" if bars["op"] == "range" else "mg/L")


def _limits(bars: Mapping, natural: Fraction | None) -> list[tuple[str, str]]:
    """The lines that are drawn beside what was measured; a rise is limited from the natural value upwards."""
    bar = bars["limits"][1]
    if bars.get("increment"):
        return [] if natural is None else [(_("二类"), shown(natural + bar))]
    ends = bar if bars["op"] == "range" else [bar]
    return [(_("二类"), str(one)) for one in ends if one is not None]


def _bar(bars: Mapping, no: int) -> str:
    bar = bars["limits"][no - 1]
    if bar is None:
        return "—"
    if bars.get("increment"):
        return _("增量 ≤ %(bar)s") % {"bar": bar}
    return f"{bar[0]}–{bar[1]}" if bars["op"] == "range" else f"{'>' if bars['op'] == 'gt' else '≤'} {bar}"


def _numbers(bars: Mapping) -> list:
    found = [one for one in bars["limits"] if one is not None]
    return [end for one in found for end in one] if bars["op"] == "range" else found


def _item(one, newest, table) -> dict:
    bars = table["items"][one.item]
    return {
        "name": parts.item_name(one.item), "unit": _unit(bars), "value": shown(newest.results[one.item].value, _numbers(bars)),
        "look": parts.step(one.no), "mark": class_name(one.no), "bars": [_bar(bars, 2), _bar(bars, 4)], "beyond": bool(one.no and one.no > 2),
        "note": _note(one, newest), "n": newest.results[one.item].n, "code": one.item,
    }  # fmt: skip


def _note(one, newest) -> str:
    """Why an item has no class, or the rise it was judged by."""
    if one.rise is None:
        return parts.lacking(newest.lacking.get(one.item) or one.why)
    return _("自然值 %(natural)s，增量 %(rise)s") % {"natural": shown(newest.natural), "rise": shown(one.rise)}


def _history(history: History):
    years = sorted({one.period[:4] for one in history.periods["season"]})
    found = {}
    for one in history.periods["season"]:
        year, code = one.period.split("-")
        words = f"{wording.survey(one.period)}  {class_name(one.no)}  {few(one.station.deciders)}"
        found[years.index(year), SEASONS.index(code)] = Square(parts.step(one.no), class_name(one.no), words)
    return squares(years, [season(one) for one in SEASONS], found, CELL)


def _compared(history: History, now: str, then: str) -> list[Compared]:
    first, second = [history.at("season" if len(one) > 4 else "year", one) for one in (now, then)]
    if first is None or second is None:
        return []
    whole = Compared(_("水质类别"), "", class_name(first.no), class_name(second.no), "")
    return [whole, *(_one(item, first, second) for item in first.results if item in second.results)]


def _one(item: str, first, second) -> Compared:
    bars = first.station.edition["items"][item]
    now, then = first.results[item], second.results[item]
    told = [shown(one.value, _numbers(bars)) or "—" for one in (now, then)]
    return Compared(parts.item_name(item), _unit(bars), *told, parts.moved(then.measured, now.measured))


def _bay(site: Mapping, programme) -> dict:
    """The surveys of the area that the station belongs to."""
    found = measuring.histories_of(programme, "sea")
    surveys = areas(found.values(), site.get("group") or "")
    rows = [
        [wording.survey(one.period), f"{rate(one.good_share)} %" if one.good_share is not None else "—", grade_name(one.grade),
         f"{int(one.assessed)} km²", _("；").join(f"{class_name(no)} {count}" for no, count in enumerate(one.classes, 1) if count)]
        for one in reversed(surveys)
    ]  # fmt: skip
    title_ = measuring.group_name(programme, site["group"]) if site.get("group") else _("全部站位")
    return {
        "title": title_,
        "heads": [_("调查"), _("一、二类面积比例"), _("级别"), _("评价面积"), _("各类站位数")],
        "rows": rows,
    }
