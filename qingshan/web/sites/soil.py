"""Points of soil: each item beside its screening and intervention values."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from qingshan.observations.assess.histories import History, shown
from qingshan.observations.assess.soil import BUILDING
from qingshan.standards import soil as law
from qingshan.standards.editions import edition
from qingshan.web import measuring, wording
from qingshan.web.sites import parts
from qingshan.web.sites.parts import Cell, Compared, Line
from qingshan.web.squares import Square, squares

TEMPLATE = "items"
CELL = (150, 26)
UNIT = "mg/kg"


def risks(land: str) -> list[str]:
    """The words of the three risks, by the law of the use."""
    if land in BUILDING:
        return [_("不超过筛选值"), _("超过筛选值"), _("超过管制值")]
    return [_("优先保护类"), _("安全利用类"), _("严格管控类")]


def use(land: str) -> str:
    return {
        "paddy": _("水田"), "rotation": _("水旱轮作"), "orchard": _("果园"), "other": _("其他农用地"),
        "class-1": _("第一类用地"), "class-2": _("第二类用地"),
    }.get(land, land)  # fmt: skip


def look(no: int | None) -> str:
    return "" if no is None else f"risk-{no}"


def found_of(programme) -> dict[str, History]:
    return measuring.histories_of(programme, "soil")


def heads() -> list[tuple[str, bool]]:
    return [(_("点位"), False), (_("土地用途"), False), (_("最近一次"), False), (_("风险"), False), (_("超过筛选值的项目"), False), (_("可用数据"), True)]  # fmt: skip


def line(site: Mapping, history: History | None) -> Line:
    if history is None or not history.periods["sample"]:
        return Line(site)
    newest = history.periods["sample"][-1]
    words = risks(newest.land)[newest.no] if newest.no is not None else _("数据不足，不评价")
    n, of = history.rows[newest.period[:4]]
    cells = [
        Cell(_("土地用途"), use(newest.land)),
        Cell(_("最近一次"), newest.period),
        Cell(_("风险"), look=look(newest.no), mark=words),
        Cell(_("超过筛选值的项目"), _over(newest) or "—"),
        Cell(_("可用数据"), wording.percent(measuring.share(n, of) or 0), number=True),
    ]
    return Line(site, cells, look(newest.no), words[:2])


def _over(point) -> str:
    return parts.names(element(one.item) for one in point.plot.items if one.no)


def element(item: str) -> str:
    told = edition(law.FARMLAND, code="gb15618-2018")["screening"].get(item)
    return told["name"] if told else item


def of_group(found: Iterable[History], programme, code: str) -> tuple[str, str] | None:
    return None


def page(site: Mapping, history: History, asked: Mapping, programme) -> dict:
    newest = history.periods["sample"][-1]
    judged = sorted(newest.plot.items, key=lambda one: -(one.no or 0))
    items = [one.item for one in judged]
    item = parts.chosen(asked, items, "item", items[0])
    bar = next(one for one in judged if one.item == item)
    known = [one.period for one in history.periods["sample"]]
    now, then = parts.two(asked, known)
    words = risks(newest.land)
    return {
        "year": parts.years(history, asked), "item": item, "item_name": parts.item_name(element(item)),
        "items": [(one, parts.item_name(element(one))) for one in items],
        "newest_on": newest.period, "look": look(newest.no), "mark": words[newest.no] if newest.no is not None else "",
        "decided": _over(newest), "kind": use(newest.land), "history": _history(history, words),
        "key": [(look(no), name) for no, name in enumerate(words)],
        "history_title": _("各次的风险"), "history_note": _("一点的风险由最差项目定"),
        "series": parts.drawn(site, [{"name": parts.item_name(element(item)), "rows": parts.samples(history, item)}], UNIT, _limits(bar)),
        "heads": [_("筛选值"), _("管制值")], "lines": [_item(one, newest) for one in judged],
        "known": known, "now": now, "then": then, "compared": _compared(history, now, then), "editions": parts.editions([newest.plot.edition]),
    }  # fmt: skip


def _limits(bar) -> list[tuple[str, str]]:
    found = [(_("筛选值"), bar.screening), (_("管制值"), bar.intervention)]
    return [(words, str(value)) for words, value in found if value is not None]


def _item(one, newest) -> dict:
    bars = [value for value in (one.screening, one.intervention) if value is not None]
    return {
        "name": parts.item_name(element(one.item)), "unit": UNIT, "value": shown(one.value, bars), "look": look(one.no),
        "mark": [_("低"), _("超筛选值"), _("超管制值")][one.no] if one.no is not None else "",
        "bars": [str(one.screening), "—" if one.intervention is None else str(one.intervention)], "beyond": bool(one.no),
        "note": parts.lacking(newest.lacking.get(one.item, "")), "n": newest.results[one.item].n if one.item in newest.results else 0,
        "code": one.item,
    }  # fmt: skip


def _history(history: History, words: list[str]):
    some = history.periods["sample"]
    found = {
        (0, column): Square(look(one.no), words[one.no] if one.no is not None else "", f"{one.period}  {_over(one)}")
        for column, one in enumerate(some)
    }
    return squares([""], [one.period for one in some], found, CELL)


def _compared(history: History, now: str, then: str) -> list[Compared]:
    first, second = history.at("sample", now), history.at("sample", then)
    if first is None or second is None:
        return []
    words = risks(first.land)
    told = [words[one.no] if one.no is not None else "—" for one in (first, second)]
    before = {one.item: one for one in second.plot.items}
    return [
        Compared(_("风险"), "", *told, ""),
        *(_one(one, before[one.item]) for one in first.plot.items if one.item in before),
    ]


def _one(now, then) -> Compared:
    bars = [value for value in (now.screening, now.intervention) if value is not None]
    both = [None if parts.below(one.value) else one.value for one in (then, now)]
    return Compared(
        parts.item_name(element(now.item)), UNIT, shown(now.value, bars), shown(then.value, bars), parts.moved(*both)
    )
