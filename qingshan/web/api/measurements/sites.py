"""The sites of a programme, and the month's table."""

from typing import Any, Literal

from django.http import Http404
from ninja import Query, Schema
from pydantic import Field

from qingshan.evidence.measurements.queries import sites_of
from qingshan.observations.media import MEDIA
from qingshan.web import measuring
from qingshan.web.api import schemas
from qingshan.web.api.answers import XLSX, answers, filed
from qingshan.web.api.measurements import router
from qingshan.web.pages import programme_for
from qingshan.web.views.measurements import month_table

Medium = Literal[MEDIA]
SITES = "/programmes/{slug:programme}/sites"


class SiteOut(Schema):
    """A place where something is measured; `body` is the kind of water body of a section: river or lake."""

    code: str
    medium: str
    name: schemas.Words
    lon: float
    lat: float
    body: str | None
    simulated: bool
    told: dict[str, Any] = Field(description="what else its law asks of it, as the programme declares it")


class StandardOut(Schema):
    """A standard by which something was evaluated, with how far its tables have been verified."""

    standard: str
    mark: str
    verification: schemas.Words


class FlagOut(Schema):
    flag: str
    rows: int


def site_at(request, programme: str, site: str, medium: str) -> tuple:
    """The programme and the site of a medium that an address names, or 404."""
    found = programme_for(request, programme)
    told = measuring.site(found, site)
    if told is None or told["medium"] != medium:
        raise Http404
    return found, told


def site_out(one: dict) -> SiteOut:
    fixed = {name: one.get(name) for name in ("code", "medium", "lon", "lat", "body", "simulated")}
    name = schemas.Words(zh=one["name"], en=one.get("name_en") or one["name"])
    rest = {key: value for key, value in one.items() if key not in fixed and key not in ("name", "name_en")}
    return SiteOut(**fixed, name=name, told=rest)


def standards(found: list[dict]) -> list[StandardOut]:
    return [
        StandardOut(
            standard=one["standard"], mark=one["mark"],
            verification=schemas.Words(zh=one["verification"], en=one["verification_en"]),
        )
        for one in found
    ]  # fmt: skip


def flags(counts: dict[str, int]) -> list[FlagOut]:
    return [FlagOut(flag=code, rows=n) for code, n in sorted(counts.items(), key=lambda one: -one[1])]


@router.get(SITES, response=answers(list[SiteOut]))
def list_sites(request, programme: str, medium: str = Query("", max_length=20)):
    """监测点位和断面。 Places where something is measured."""
    return [site_out(one) for one in sites_of(programme_for(request, programme), medium or None)]


@router.get("/programmes/{slug:programme}/measurements/{str:medium}.xlsx", **filed(XLSX))
def download_month(request, programme: str, medium: Medium, month: str = Query("", max_length=12)):
    """一个月（一次调查、一年）的监测报表，正式样式。 The table of a month, a survey or a year as offices hand it on."""
    return month_table(request, programme, medium)
