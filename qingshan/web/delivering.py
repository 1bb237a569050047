"""What pages show of measurements on their way in: forms for a mapping, values under a flag, in the reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingshan.evidence.measurements.models import Delivery
from qingshan.evidence.measurements.queries import known_sources, path_of, sites_of
from qingshan.observations.cells import Unreadable, top
from qingshan.observations.mapping import STATE_FLAGS, Source, propose, roles_of
from qingshan.observations.media import MEDIA
from qingshan.observations.naming import heading, item_of, items
from qingshan.observations.quality import Flagged
from qingshan.observations.rows import FLAGS, PERSON, RULE
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme
from qingshan.web import wording

PERIOD = {
    "hour": gettext_lazy("小时"),
    "day": gettext_lazy("日"),
    "month": gettext_lazy("月"),
    "sample": gettext_lazy("一次采样"),
}
ROLES = {
    "site": gettext_lazy("点位"), "time": gettext_lazy("时间"), "year": gettext_lazy("年"), "month": gettext_lazy("月"), "day": gettext_lazy("日"),
    "hour": gettext_lazy("时"), "state": gettext_lazy("站点状态"), "item": gettext_lazy("项目名称（每行一个值）"),
    "value": gettext_lazy("数值（每行一个值）"), "unit": gettext_lazy("单位（每行一个值）"),
}  # fmt: skip
APART = ("year", "month", "day", "hour")
STATES = {
    "checking": gettext_lazy("核对中"), "unknown": gettext_lazy("列名不认识，待对照"), "faulty": gettext_lazy("有问题，没有导入"),
    "ready": gettext_lazy("核对通过，待确认"), "keeping": gettext_lazy("导入中"), "kept": gettext_lazy("已导入"), "failed": gettext_lazy("没有导入"),
}  # fmt: skip
BY_SOURCE = {"source": gettext_lazy("来源"), "import": gettext_lazy("导入"), "simulated": gettext_lazy("模拟")}


def media_of(programme: Programme) -> dict[str, str]:
    """The media of which the programme has sites, in words."""
    there = {one["medium"] for one in sites_of(programme)}
    return {medium: wording.medium(medium) for medium in MEDIA if medium in there}


def sources_of(programme: Programme) -> list[Source]:
    """The sources to choose from; templates are known by their columns and need no choosing."""
    return [one for one in known_sources(programme) if not one.code.startswith(("long-", "wide-"))]


# --- a mapping, column by column


@dataclass(frozen=True)
class Column:
    """A column of an unknown file: its name, some of its cells, what it seems to hold, the unit its heading names."""

    number: int
    name: str
    shown: Sequence[str]
    role: str
    unit: str


def medium_of(delivery: Delivery, media: Mapping[str, str]) -> str:
    """The medium that the file's heading speaks of, where the programme has sites of it."""
    try:
        return propose(top(path_of(delivery)))["medium"]
    except Unreadable:
        return next(iter(media), MEDIA[0])


def columns_of(delivery: Delivery, medium: str, row: int | None = None) -> tuple[int, list[Column]]:
    """The row of the heading and the columns under it, with what each seems to hold. Raises Unreadable."""
    rows = top(path_of(delivery))
    try:
        proposed = propose(rows, medium)["heading"]
    except Unreadable:
        proposed = 1
    number = row if row and row <= len(rows) else proposed
    names, told = rows[number - 1], roles_of(rows[number - 1], medium)
    body = [one for one in rows[number:] if any(one)][:2]
    return number, [
        Column(
            place,
            name.strip(),
            [one[place] for one in body if place < len(one)],
            _role(name.strip(), told),
            _unit(name, medium),
        )
        for place, name in enumerate(names)
        if name.strip()
    ]


def _role(name: str, told: Mapping) -> str:
    role = told.get(name, "")
    if isinstance(role, tuple):
        return f"item:{role[0].code}"
    for apart, known in zip(
        APART, (("year", "年", "年份"), ("month", "月", "月份"), ("day", "日"), ("hour", "时", "小时")), strict=True
    ):
        if role == "time" and name.casefold() in known:
            return apart
    return role


def _unit(name: str, medium: str) -> str:
    unit = heading(name)[1]
    item = item_of(medium, name) or item_of(medium, heading(name)[0])
    return unit if unit is not None and item else item.unit if item else ""


def choices(medium: str) -> list[tuple[str, str]]:
    """What a column may hold: its code, its words."""
    named = [(code, str(words)) for code, words in ROLES.items()]
    return named + [(f"item:{one.code}", _named(one)) for one in items(medium).values()]


def _named(one) -> str:
    name = wording.said({"zh": one.zh, "en": one.en})
    return name if one.code in name else f"{name} {one.code}"


def mapping_sent(asked: Mapping[str, str], names: Mapping[int, str], medium: str) -> dict:
    """The mapping that a form says. Raises Refused where a column of the site or the time is lacking."""
    roles = {number: asked.get(f"role_{number}", "") for number in names}
    of = {role: names[number] for number, role in sorted(roles.items(), reverse=True) if role}
    told = {
        "name": asked.get("name", "").strip()[:200],
        "medium": medium,
        "period": asked.get("period", ""),
        "heading": int(asked["heading"]),
    }
    if not told["name"]:
        raise Refused(
            "请给这个来源起个名称，下次同样的文件就会自动认出。",
            "Give this source a name; such a file is recognised next time.",
        )
    told |= {"site": [of["site"]]} if "site" in of else {"at": asked.get("at", "").strip()}
    apart = [of[one] for one in APART if one in of]
    if "time" not in of and len(apart) < 2:
        raise Refused("请指明哪一列是时间。", "Say which column holds the time.")
    if "site" not in of and not told["at"]:
        raise Refused(
            "请指明哪一列是点位，或选定全部数据所属的点位。",
            "Say which column holds the site, or choose the one site of the file.",
        )
    told["time"] = ({"column": of["time"]} if "time" in of else {"parts": apart}) | {
        "stamp": "end" if asked.get("stamp") == "end" else "start"
    }
    if "state" in of:
        told["state"] = {"column": of["state"], "flags": STATE_FLAGS, "optional": True}
    if "item" in of and "value" in of:
        return told | {"long": {role: of[role] for role in ("item", "value", "unit") if role in of}}
    values = {
        names[no]: {"item": role.removeprefix("item:"), "unit": asked.get(f"unit_{no}", "")}
        for no, role in roles.items()
        if role.startswith("item:")
    }
    if not values:
        raise Refused("请至少指明一列是监测项目。", "Say of one column at least which item it holds.")
    return told | {"values": values}


# --- values under a flag


@dataclass(frozen=True)
class Shown:
    """A value under a flag as a page shows it; `key` names it to the form."""

    key: str
    site: str
    item: str
    time: str
    value: Flagged
    flag: str
    by: str


def shown(programme: Programme, medium: str, values: Sequence[Flagged]) -> list[Shown]:
    sites = {one["code"]: wording.said(one) for one in sites_of(programme, medium)}
    return [_shown(one, sites, medium) for one in values]


def _shown(one: Flagged, sites: Mapping[str, str], medium: str) -> Shown:
    known = items(medium).get(one.item)
    name = wording.said({"zh": known.zh, "en": known.en}) if known else one.item
    key = "\n".join((one.site, one.item, one.period, one.time.isoformat(), one.flag))
    form = {"hour": "%Y-%m-%d %H:%M", "sample": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "month": "%Y-%m"}[one.period]
    return Shown(
        key,
        sites.get(one.site, one.site),
        name,
        one.time.strftime(form),
        one,
        flag_name(one.flag),
        setter(one.flagged_by),
    )


def flag_name(code: str) -> str:
    return wording.said({"zh": FLAGS[code].zh, "en": FLAGS[code].en})


def setter(by: str) -> str:
    """Who or what set a flag, in words."""
    if by.startswith(RULE):
        return _("规则 %(rule)s") % {"rule": by.removeprefix(RULE)}
    return by.removeprefix(PERSON) if by.startswith(PERSON) else str(BY_SOURCE.get(by, by))


def key_of(text: str) -> tuple:
    """The key of a value that a form names. Raises Refused for what is none."""
    try:
        site, item, period, time, flag = text.replace("\r\n", "\n").split("\n")
        return site, item, period, datetime.fromisoformat(time), flag
    except ValueError:
        raise Refused(
            "所选的数值认不出来，请刷新后再选。", "A chosen value is not known; reload and choose again."
        ) from None


def medium_asked(text: str | None, known: Mapping[str, str]) -> str:
    return text if text in known else next(iter(known), MEDIA[0])
