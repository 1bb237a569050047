"""Wells of groundwater, and the parks they stand in."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from qingshan.evidence.measurements.queries import sites_of
from qingshan.observations.assess import groundwater
from qingshan.observations.assess.histories import History, shown
from qingshan.standards import groundwater as law
from qingshan.web import measuring, wording
from qingshan.web.sites import parts
from qingshan.web.sites.parts import Cell, Compared, Line
from qingshan.web.squares import Square, squares

TEMPLATE = "items"
CELL = (84, 26)


def found_of(programme) -> dict[str, History]:
    return measuring.histories_of(programme, "groundwater")


def heads() -> list[tuple[str, bool]]:
    return [(_("监测井"), False), (_("最近一次"), False), (_("类别"), False), (_("定类项目"), False), (_("今年以来"), False), (_("可用数据"), True)]  # fmt: skip


def line(site: Mapping, history: History | None) -> Line:
    if history is None or not history.periods["sample"]:
        return Line(site)
    newest, year = history.periods["sample"][-1], history.periods["year"][-1]
    n, of = history.rows[year.period]
    cells = [
        Cell(_("最近一次"), newest.period),
        Cell(_("类别"), look=parts.step(newest.no), mark=newest.well.name),
        Cell(_("定类项目"), few(newest.well.deciders)),
        Cell(_("今年以来"), year.well.name),
        Cell(_("可用数据"), wording.percent(measuring.share(n, of) or 0), number=True),
    ]
    return Line(site, cells, parts.step(newest.no), newest.well.name or "–")


def few(items, most: int = 3) -> str:
    """The first few of many items, and how many there are."""
    words = parts.names(items[:most])
    return words + _("等 %(count)s 项") % {"count": len(items)} if len(items) > most else words


def of_group(found: Iterable[History], programme, code: str) -> tuple[str, str] | None:
    """A park in words: its class, and whether its wells are stable."""
    known = groundwater.by_park([one for history in found for one in history.periods["year"]])
    return _park_words(known[-1]) if known else None


def _park_words(park) -> tuple[str, str]:
    """The class of a park, its verdict against the year before."""
    if park.stable is None:
        return law.CLASSES[park.no - 1] if park.no else "", _("没有上年可比")
    words = _("与上年相比稳定") if park.stable else _("%(count)s 口井变差") % {"count": park.worse}
    return law.CLASSES[park.no - 1] if park.no else "", words


def page(site: Mapping, history: History, asked: Mapping, programme) -> dict:
    newest = history.periods["sample"][-1]
    items = [one.item for one in newest.well.items]
    item, year = (
        parts.chosen(asked, items, "item", newest.well.deciders[0] if newest.well.deciders else items[0]),
        parts.years(history, asked),
    )
    known = [one.period for per in ("sample", "year") for one in history.periods[per]]
    now, then = parts.two(asked, known)
    table = newest.well.edition
    bars = table["items"][item]
    return {
        "year": year, "item": item, "item_name": parts.item_name(item), "items": [(one, parts.item_name(one)) for one in items],
        "newest_on": newest.period, "look": parts.step(newest.no), "mark": newest.well.name, "decided": few(newest.well.deciders),
        "history": _history(history), "key": [(parts.step(no), name) for no, name in enumerate(law.CLASSES, 1)],
        "history_title": _("水质类别"), "history_note": _("各次采样，一井的类别由最差项目定"),
        "series": parts.drawn(site, [{"name": parts.item_name(item), "rows": parts.samples(history, item)}], bars["unit"], _limits(bars)),
        "heads": [_("Ⅲ类限值"), _("Ⅳ类限值")], "lines": [_item(one, newest, table) for one in newest.well.items],
        "known": known, "now": now, "then": then, "compared": _compared(history, now, then), "group_table": _wells(site, programme),
        "editions": parts.editions([table]),
    }  # fmt: skip


def _limits(bars: Mapping) -> list[tuple[str, str]]:
    if "ranges" in bars:
        return [(_("Ⅲ类"), str(bar)) for bar in bars["ranges"][2]]
    return [(_("Ⅲ类"), str(bars["limits"][2]))] if "limits" in bars and bars["limits"][2] != "nd" else []


def _bar(bars: Mapping, no: int) -> str:
    if "ranges" in bars:
        return "–".join(map(str, bars["ranges"][no - 1]))
    found = bars.get("limits", [])
    return f"≤ {found[no - 1]}" if len(found) >= no else "—"


def _numbers(bars: Mapping) -> list:
    return [one for one in bars.get("limits", []) if one != "nd"] or [
        end for one in bars.get("ranges", []) for end in one
    ]


def _item(one, newest, table) -> dict:
    bars = table["items"][one.item]
    value = newest.results[one.item].value
    return {
        "name": parts.item_name(one.item), "unit": bars["unit"], "value": shown(value, _numbers(bars)) if not bars.get("absent") else _seen(value),
        "look": parts.step(one.no), "mark": law.CLASSES[one.no - 1] if one.no else "", "bars": [_bar(bars, 3), _bar(bars, 4)],
        "beyond": bool(one.no and one.no > 3), "note": parts.lacking(newest.lacking.get(one.item) or one.why),
        "n": newest.results[one.item].n, "code": one.item,
    }  # fmt: skip


def _seen(value) -> str:
    return "" if value is None else _("无") if parts.below(value) or value == 0 else _("有")


def _history(history: History):
    years = history.years
    found, most = {}, 1
    for row, year in enumerate(years):
        some = history.of_year("sample", year)
        most = max(most, len(some))
        for column, one in enumerate(some):
            words = f"{one.period}  {one.well.name}  {few(one.well.deciders)}"
            found[row, column] = Square(parts.step(one.no), f"{one.period[5:]} {one.well.name}", words)
    return squares(list(map(str, years)), [_("第 %(no)s 次") % {"no": no + 1} for no in range(most)], found, CELL)


def _compared(history: History, now: str, then: str) -> list[Compared]:
    first, second = _at(history, now), _at(history, then)
    if first is None or second is None:
        return []
    whole = Compared(_("水质类别"), "", first.well.name, second.well.name, "")
    return [whole, *(_one(item, first, second) for item in first.results if item in second.results)]


def _at(history: History, period: str):
    return history.at("sample" if len(period) > 4 else "year", period)


def _one(item: str, first, second) -> Compared:
    bars = first.well.edition["items"][item]
    now, then = first.results[item], second.results[item]
    told = [shown(one.value, _numbers(bars)) or "—" for one in (now, then)]
    return Compared(parts.item_name(item), bars["unit"], *told, parts.moved(then.measured, now.measured))


def _wells(site: Mapping, programme) -> dict | None:
    """The wells of the site's park, and what became of them against the year before."""
    if not site.get("group"):
        return None
    found = measuring.histories_of(programme, "groundwater")
    names = {one["code"]: wording.said(one) for one in sites_of(programme, "groundwater")}
    parks = groundwater.by_park([one for history in found.values() for one in history.periods["year"]])
    of_it = [one for one in parks if one.group == site["group"]]
    return {
        "title": measuring.group_name(programme, site["group"]), "heads": [_("年份"), _("园区类别"), _("监测井"), _("与上年相比")],
        "rows": [_park(one, names) for one in reversed(of_it)],
    }  # fmt: skip


def _park(park, names: Mapping) -> list[str]:
    name, verdict = _park_words(park)
    wells = _("；").join(f"{names.get(one.site, one.site)} {one.well.name}" for one in park.wells)
    worse = _("；").join(
        f"{names.get(site, site)} {parts.item_name(item)} {law.CLASSES[before - 1]} → {law.CLASSES[after - 1]}"
        for site, item, before, after in park.worsened
    )
    return [park.period, name, wells, f"{verdict}{_('：') if worse else ''}{worse}"]
