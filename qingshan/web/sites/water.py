"""Sections of surface water: classes of months, samples, main pollutants."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from qingshan.observations.assess import sections as water
from qingshan.observations.assess.asking import change
from qingshan.standards.water.section import CLASSES
from qingshan.web import measuring
from qingshan.web.sites import parts
from qingshan.web.sites.parts import Cell, Compared, Line
from qingshan.web.squares import Square, squares

TEMPLATE = "section"
CELL = (60, 26)


def found_of(programme) -> dict:
    return measuring.water_of(programme)


def heads() -> list[tuple[str, bool]]:
    return [(_("断面"), False), (_("水体类型"), False), (_("最近一月"), False), (_("类别"), False), (_("主要污染指标（超标倍数）"), False), (_("今年以来"), False), (_("采样次数"), True)]  # fmt: skip


def line(site: Mapping, section) -> Line:
    if section is None:
        return Line(site)
    newest = section.months[-1]
    month, year = section.period(newest, newest), section.period(f"{newest[:4]}-01", newest)
    look = f"class-{month.section.no}" if month.section.no else ""
    cells = [
        Cell(_("水体类型"), measuring.body_words(site["body"])),
        Cell(_("最近一月"), newest),
        Cell(_("类别"), look=look, mark=month.section.name),
        Cell(_("主要污染指标（超标倍数）"), measuring.pollutants(month.section) or "—"),
        Cell(_("今年以来"), year.section.name, quiet=measuring.pollutants(year.section)),
        Cell(_("采样次数"), str(year.samples), number=True),
    ]
    return Line(site, cells, look, month.section.name or "–")


def of_group(found: Iterable, programme, code: str) -> tuple[str, str] | None:
    """The share of good sections of a group in its newest year, its grade, and the change against the year before."""
    known = [one for one in measuring.groups_of_water(programme).groups if one.group == code]
    if not known or known[-1].good_share is None:
        return None
    newest = known[-1]
    told = {"year": newest.period, "share": newest.good.rate, "count": newest.good.count, "of": newest.good.of}
    words = [
        _("%(year)s 年优良断面 %(share)s %%（%(count)s/%(of)s）") % told,
        grade_name(newest.grade),
        change_words(newest.change),
    ]
    return "", _("，").join(one for one in words if one)


def grade_name(no: int | None) -> str:
    return [_("优"), _("良好"), _("轻度污染"), _("中度污染"), _("重度污染")][no - 1] if no else ""


def change_words(change) -> str:
    """Against the same period of the year before (环办〔2011〕22号)."""
    if change is None:
        return ""
    if not change.size:
        return _("比上年无明显变化")
    better = (_("比上年有所好转"), _("比上年明显好转"))
    return (better if change.direction > 0 else (_("比上年有所变差"), _("比上年明显变差")))[change.size - 1]


def _group_table(site: Mapping, programme) -> dict | None:
    known = [one for one in measuring.groups_of_water(programme).groups if one.group == (site.get("group") or "")]
    if not known:
        return None
    name = measuring.group_name(programme, site["group"]) if site.get("group") else _("全部断面")
    heads_ = [
        _("年份"),
        _("优良断面比例"),
        _("劣Ⅴ类比例"),
        _("各类断面数"),
        _("级别"),
        _("主要污染指标"),
        _("与上年相比"),
    ]
    return {"title": name, "heads": heads_, "rows": [_group_row(one) for one in reversed(known)]}


def _group_row(one) -> list[str]:
    shares = [f"{share.rate} % ({share.count}/{share.of})" if share.of else "—" for share in (one.good, one.worst)]
    classes = _("；").join(f"{CLASSES[no]} {count}" for no, count in enumerate(one.classes) if count)
    main = _("、").join(measuring.item_name(item) for item, _share, _highest in one.main_pollutants)
    return [one.period, *shares, classes, grade_name(one.grade), main, change_words(one.change)]


def _trends(site: Mapping, programme) -> list[dict]:
    return [
        {"name": measuring.item_name(one.item), "span": f"{one.first} – {one.last}", "n": one.n, "words": _trend_words(one.trend),
         "coefficient": f"{float(one.trend.coefficient):+.3f}".replace("-", "−"), "critical": one.trend.critical}
        for one in measuring.groups_of_water(programme).trends
        if one.site == site["code"]
    ]  # fmt: skip


def _trend_words(trend) -> str:
    if not trend.significant:
        return _("没有显著变化")
    return _("显著上升") if trend.direction > 0 else _("显著下降")


def page(site: Mapping, section, asked: Mapping, programme) -> dict:
    newest = section.months[-1]
    year, items = parts.years(section, asked), [one for one in water.known() if one in section.samples]
    item = parts.chosen(asked, items, "item", "tp")
    month = section.period(newest, newest)
    first, second, wrong = measuring.spans(asked, newest)
    periods = [section.period(one.since, one.until) for one in (first, second)]
    return {
        "year": year, "item": item, "item_name": measuring.item_name(item), "items": [(one, measuring.item_name(one)) for one in items],
        "newest": month, "body": measuring.body_words(site["body"]), "look": f"class-{month.section.no}",
        "pollutants": measuring.pollutants(month.section), "history": _history(section), "classes": [(f"class-{no}", name) for no, name in enumerate(CLASSES, 1)],
        "lines": [_item_line(one, month, section) for one in month.values], "series": _samples(site, item, section, year),
        "first": first, "second": second, "wrong": wrong, "periods": periods, "compared": _compared(periods),
        "group_table": _group_table(site, programme), "trends": _trends(site, programme),
        "taken": [(one, section.taken[one]) for one in section.months if one.startswith(str(year))],
        "flags": measuring.flag_words(section.flags.get(year, {})), "editions": water.editions_of(date(year, 12, 31)),
    }  # fmt: skip


def _item_line(item: str, month, section) -> tuple:
    no = month.classes[item]
    limit = limit_words(item, section.body)
    return (
        measuring.item_name(item),
        water.unit(item),
        month.values[item],
        CLASSES[no - 1] if no else "",
        f"class-{no}",
        limit,
        month.multiples[item],
    )


def limit_words(item: str, body: str) -> str:
    """≤ 0.2 or ≥ 5 or 6–9: what class III asks of an item."""
    found = water.limit_of(item, body)
    if found is None:
        return ""
    op, bar = found
    return f"{bar[0]}–{bar[1]}" if op == "range" else f"{'≥' if op == 'ge' else '≤'} {bar}"


def _history(section):
    years = section.years
    found = {}
    for month in section.months:
        one = section.period(month, month).section
        words = f"{month}  {one.name}  {measuring.pollutants(one)}".strip()
        found[years.index(int(month[:4])), int(month[5:]) - 1] = Square(
            f"class-{one.no}" if one.no else "", one.name, words
        )
    columns = [_("%(no)s月") % {"no": month} for month in range(1, 13)]
    return squares([str(one) for one in years], columns, found, CELL)


def _samples(site, item: str, section, year: int) -> dict:
    found = water.limit_of(item, section.body)
    limits = [] if found is None else [str(one) for one in (found[1] if found[0] == "range" else [found[1]])]
    line = {"name": measuring.item_name(item), "rows": parts.samples(section, item, year)}
    return parts.drawn(site, [line], water.unit(item), [(_("Ⅲ类"), one) for one in limits])


def _compared(periods) -> list[Compared]:
    if None in periods:
        return []
    now, then = periods
    both = [one for one in now.values if one in then.values]
    moved = change({one: then.values[one] for one in both}, {one: now.values[one] for one in both})
    whole = [
        Compared(_("水质类别"), "", *(f"{one.section.name} {measuring.pollutants(one.section)}".strip() for one in periods), ""),
        Compared(_("采样次数"), _("次"), *(str(one.samples) for one in periods), ""),
    ]  # fmt: skip
    return whole + [
        Compared(measuring.item_name(one), water.unit(one), str(now.values[one]), str(then.values[one]), parts.signed(moved[one]))
        for one in both
    ]  # fmt: skip
