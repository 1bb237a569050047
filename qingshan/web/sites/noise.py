"""Points of noise in functional zones, and building sites: levels of day and night against their limits."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from qingshan.observations.assess import noise
from qingshan.observations.assess.histories import History, quarters, rate
from qingshan.web import measuring, wording
from qingshan.web.sites import parts
from qingshan.web.sites.parts import Cell, Compared, Line
from qingshan.web.squares import Square, squares

TEMPLATE = "noise"
CELL = (132, 26)
UNIT = "dB(A)"


def zone(code: str) -> str:
    return _("建筑施工场界") if code == noise.BUILDING else _("%(zone)s 类功能区") % {"zone": code}


def met(share) -> str:
    """The shade of a share of point-times that meet their limit: all of them, or not."""
    return "" if not share.of else "step-1" if share.met == share.of else "risk-1"


def found_of(programme) -> dict[str, History]:
    return measuring.histories_of(programme, "noise")


def heads() -> list[tuple[str, bool]]:
    return [(_("点位"), False), (_("功能区"), False), (_("最近一月"), False), (_("昼间 Ld"), True), (_("夜间 Ln"), True), (_("今年以来达标"), False), (_("可用数据"), True)]  # fmt: skip


def line(site: Mapping, history: History | None) -> Line:
    if history is None or not history.periods["month"]:
        return Line(site)
    newest, year = history.periods["month"][-1], history.periods["year"][-1]
    n, of = history.rows[year.period]
    looks = [met(newest.day), met(newest.night)]
    whole = max(looks)
    levels = [("", ""), ("", "")] if site["zone"] == noise.BUILDING else _levels(newest)
    cells = [
        Cell(_("功能区"), zone(site["zone"])),
        Cell(_("最近一月"), newest.period),
        *(Cell(label, level or "—", quiet=limit, number=True) for label, (level, limit) in zip((_("昼间 Ld"), _("夜间 Ln")), levels, strict=True)),
        Cell(_("今年以来达标"), _both(year)),
        Cell(_("可用数据"), wording.percent(measuring.share(n, of) or 0), number=True),
    ]  # fmt: skip
    return Line(site, cells, whole, _("达标") if whole == "step-1" else _("超标") if whole else "–")


def _levels(one) -> list[tuple[str, str]]:
    found = zip((one.level.day, one.level.night), one.limits, strict=True)
    return [(_text(level) or "", f"≤ {limit}") for level, limit in found]


def _both(one) -> str:
    return _("昼 %(day)s，夜 %(night)s") % {"day": _share(one.day), "night": _share(one.night)}


def _share(share) -> str:
    return "—" if share.rate is None else f"{rate(share.rate)} % ({share.met}/{share.of})"


def of_group(found: Iterable[History], programme, code: str) -> tuple[str, str] | None:
    return None


def page(site: Mapping, history: History, asked: Mapping, programme) -> dict:
    year = parts.years(history, asked)
    newest = history.periods["month"][-1]
    building = site["zone"] == noise.BUILDING
    known = [one.period for per in ("month", "year") for one in history.periods[per]]
    now, then = parts.two(asked, known)
    at = [history.at("month" if len(one) > 4 else "year", one) for one in (now, then)]
    told = {
        "year": year, "item": "", "newest_on": newest.period, "kind": zone(site["zone"]), "building": building,
        "quarters": [] if building else [_quarter(one) for one in reversed(quarters(history.periods["day"]))],
        "months": [_building(one) if building else _month(one) for one in reversed(history.of_year("month", year))],
        "profile": parts.drawn(site, [{"name": "Leq", "rows": _hours(history, year)}], UNIT, hours=True),
        "known": known, "now": now, "then": then, "compared": [] if None in at else _compared(*at, building),
        "editions": parts.editions(one.edition for one in history.periods["month"]),
    }  # fmt: skip
    return (
        told
        if building
        else told | {"series": _series(site, history, year), "history": _history(history), "key": _key()}
    )


def _key() -> list[tuple[str, str]]:
    return [("step-1", _("昼夜全部达标")), ("risk-1", _("有超标"))]


def _hours(history: History, year: int) -> list[list]:
    found = history.hours[str(year)]
    return [[no, str(found[no]) if no in found else None] for no in range(24)]


def _series(site: Mapping, history: History, year: int) -> dict:
    days = history.of_year("day", year)
    lines = [
        {"name": "Ld", "rows": [[one.period, _text(one.level.day)] for one in days]},
        {"name": "Ln", "rows": [[one.period, _text(one.level.night)] for one in days]},
    ]
    limits = [(_("昼间限值"), str(days[-1].limits[0])), (_("夜间限值"), str(days[-1].limits[1]))] if days else []
    return parts.drawn(site, lines, UNIT, limits)


def _text(level) -> str | None:
    return None if level is None else wording.number(level, 1)


def _quarter(one) -> dict:
    return {"period": one.period, "day": _share(one.day), "night": _share(one.night), **_beyond(one)}


def _beyond(one) -> dict[str, bool]:
    return {"day_over": one.day.met < one.day.of, "night_over": one.night.met < one.night.of}


def _over(one) -> bool:
    return any(_beyond(one).values())


def _month(one) -> dict:
    level = one.level
    values = [_text(value) for value in (level.day, level.night, level.both)]
    return {
        "period": one.period,
        "levels": values,
        "day": _share(one.day),
        "night": _share(one.night),
        "over": _over(one),
    }


def _building(one) -> dict:
    return {
        "period": one.period, "day": _share(one.day), "night": _share(one.night), **_beyond(one),
        "levels": [None if one.worst is None else f"{one.worst.normalize():f}", str(one.not_counted)],
    }  # fmt: skip


def _history(history: History):
    found, known = {}, quarters(history.periods["day"])
    years = sorted({one.period[:4] for one in known})
    for one in known:
        look = "risk-1" if _over(one) else "step-1" if one.day.of or one.night.of else ""
        words = _("昼 %(day)s 夜 %(night)s") % {"day": _rate(one.day), "night": _rate(one.night)}
        title_ = f"{wording.period(one.period)}  {_share(one.day)}  {_share(one.night)}"
        found[years.index(one.period[:4]), int(one.period[-1]) - 1] = Square(look, words, title_)
    columns = [_("一季度"), _("二季度"), _("三季度"), _("四季度")]
    return squares(years, columns, found, CELL)


def _rate(share) -> str:
    return "—" if share.rate is None else f"{rate(share.rate)}%"


def _compared(first, second, building: bool) -> list[Compared]:
    rows = [
        Compared(_("昼间达标率"), "%", _share(first.day), _share(second.day), ""),
        Compared(_("夜间达标率"), "%", _share(first.night), _share(second.night), ""),
    ]
    if building:
        return rows
    named = [(_("昼间 Ld"), "day"), (_("夜间 Ln"), "night"), (_("昼夜 Ldn"), "both")]
    return [*rows, *(_level(words, getattr(first.level, part), getattr(second.level, part)) for words, part in named)]


def _level(words: str, now, then) -> Compared:
    """Levels are logarithms: their difference is told in decibels, not in per cent."""
    told = "—" if None in (now, then) else f"{parts.signed(now - then)} dB"
    return Compared(words, UNIT, _text(now) or "—", _text(then) or "—", told)
