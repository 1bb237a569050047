"""Wells, soil, the sea, noise and rain: each site's periods as evaluated, its samples, what it could not be judged by."""

from datetime import date
from typing import Any, Literal

from django.http import Http404
from ninja import Query, Schema
from pydantic import Field

from qingshan.observations.assess.histories import History, editions_of, rate, shown
from qingshan.observations.assess.reports import told
from qingshan.web import measuring
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.api.measurements import router
from qingshan.web.api.measurements.sites import FlagOut, StandardOut, flags, standards
from qingshan.web.pages import programme_for

SITE = "/programmes/{slug:programme}/sites/{slug:site}"
MEDIA = ("groundwater", "soil", "sea", "noise", "rain")
CLASSED = {"groundwater": "well", "soil": "plot", "sea": "station"}  # where a period keeps its class


class ItemResult(Schema):
    """An item over a period, as it is shown: a mean, or a detection limit with its sign; `n` of `of` rows entered."""

    item: str
    value: str
    n: int
    of: int
    why: str = Field(
        description="why it has no value: missing, invalid or out_of_range; or a value and no class: undecidable, no_natural_value"
    )


class ShareOut(Schema):
    """So many of so many met their limit; rate [%]."""

    met: int
    of: int
    rate: schemas.Number | None


class SitePeriod(Schema):
    """A period of a site. `no`: class of a well or of the sea, risk 0 to 2 of soil; `day`, `night`: of noise; `numbers`: of rain."""

    per: str
    period: str
    no: int | None
    deciders: list[str]
    items: list[ItemResult]
    day: ShareOut | None
    night: ShareOut | None
    numbers: dict[str, schemas.Number | None]


class FaultOut(Schema):
    """What could not be judged, and what was expected."""

    item: str
    period: str
    value: str
    zh: str
    en: str


class HistoryOut(Schema):
    """`rows`: by year, how many of the rows may be used, and how many there are."""

    site: str
    medium: str
    simulated: bool
    rows: dict[str, tuple[int, int]]
    periods: list[SitePeriod]
    faults: list[FaultOut]
    flags: dict[str, list[FlagOut]]
    editions: list[StandardOut]


class SampleTaken(Schema):
    """`below`: the value is a detection limit; null: it may not be used."""

    time: schemas.LocalTime
    value: schemas.Number | None
    below: bool


def _history(request, programme: str, site: str) -> tuple[dict, History]:
    programme = programme_for(request, programme)
    site = measuring.site(programme, site)
    if site is None or site["medium"] not in MEDIA:
        raise Http404
    found = measuring.histories_of(programme, site["medium"]).get(site["code"])
    if found is None:
        raise Http404
    return site, found


@router.get(SITE + "/history", response=answers(HistoryOut))
def read_history(
    request, programme: str, site: str,
    per: Literal["", "sample", "day", "month", "season", "year", "whole"] = Query("", description="length of the periods; all where none is given"),
):  # fmt: skip
    """地下水、土壤、海水、噪声、降雨点位的历次评价和所依据的标准。 What each period of a well, plot, station of the sea, noise point or gauge came to."""
    site, history = _history(request, programme, site)
    chosen = {name: rows for name, rows in history.periods.items() if per in ("", name)}
    return HistoryOut(
        site=site["code"], medium=site["medium"], simulated=site["simulated"], rows=history.rows,
        periods=[_period(site["medium"], name, one) for name, rows in chosen.items() for one in rows],
        faults=[FaultOut(**shapes.same(one, FaultOut)) for one in history.faults],
        flags={str(year): flags(counts) for year, counts in history.flags.items()},
        editions=standards([told(one) for one in editions_of(_editions(site["medium"], history))]),
    )  # fmt: skip


def _judged(medium: str, one: Any) -> Any:
    return getattr(one, CLASSED[medium]) if medium in CLASSED else None


def _editions(medium: str, history: History) -> list:
    every = [one for rows in history.periods.values() for one in rows]
    return [(_judged(medium, one) or one).edition for one in every]


def _period(medium: str, per: str, one: Any) -> SitePeriod:
    judged = _judged(medium, one)
    return SitePeriod(
        per=per, period=getattr(one, "period", ""), no=judged and judged.no, deciders=list(judged.deciders) if judged else [],
        items=[_item(item, result, one.lacking.get(item, "")) for item, result in one.results.items()] if judged else [],
        day=_share(one.day) if medium == "noise" else None, night=_share(one.night) if medium == "noise" else None,
        numbers=_numbers(medium, one),
    )  # fmt: skip


def _item(item: str, result, lacking: str) -> ItemResult:
    return ItemResult(item=item, value=shown(result.value), n=result.n, of=result.of, why=result.why or lacking)


def _share(one) -> ShareOut:
    return ShareOut(met=one.met, of=one.of, rate=shapes.number(rate(one.rate)))


def _numbers(medium: str, one: Any) -> dict[str, schemas.Number | None]:
    """What only some media have: levels of noise [dB(A)], rain [mm] and the share of it that is captured [%]."""
    if medium == "noise":
        level = getattr(one, "level", None)
        return (
            {"Ld": shapes.number(level.day), "Ln": shapes.number(level.night)}
            if level
            else {"worst": shapes.number(one.worst)}
        )
    if medium != "rain":
        return {}
    if hasattr(one, "design"):
        return {f"design_{ratio}": shapes.number(depth) for ratio, depth in one.design.items()}
    names = {"total": shapes.number(rate(one.total)), "depth": shapes.number(one.depth)}
    return names | {"captured": shapes.number(rate(one.captured)), "days": str(one.days), "of_days": str(one.of_days)}


@router.get(SITE + "/samples", response=answers(dict[str, list[SampleTaken]]))
def list_site_samples(
    request, programme: str, site: str, since: schemas.Day | None = None, until: schemas.Day | None = None
):  # fmt: skip
    """地下水、土壤、海水点位的各次监测值，按项目。 The samples of a well, plot or station of the sea, by item."""
    _site, history = _history(request, programme, site)
    first, last = since or date.min, until or date.max
    return {
        item: [
            SampleTaken(time=one.time, value=shapes.number(one.value), below=one.below)
            for one in found
            if first <= one.time.date() <= last
        ]
        for item, found in history.samples.items()
    }
