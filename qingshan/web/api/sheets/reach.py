"""What is in reach of a point, and a river's or park's sheet with what lies beside it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Schema
from pydantic import Field

from qingshan.evidence.registers import queries
from qingshan.web import reach
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.api.sheets import router
from qingshan.web.api.sheets.zoning import Datum, asked_in_both
from qingshan.web.pages import programme_for
from qingshan.web.views.rivers import LISTED, NEAR, SPEED, beside

RIVERS = "/programmes/{slug:programme}/rivers"


class PointAsked(Schema):
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-85, le=85)
    datum: Datum = "wgs84"
    within: float = Field(10, ge=0.1, le=100, description="straight line [km]")
    speed: float = Field(30, ge=5, le=120, description="on the road [km/h]")


class FoundOut(Schema):
    """A row near a place; metres: the straight line; minutes: an estimate of when it could be there."""

    part: str
    register_code: str
    title: str
    metres: float
    minutes: int
    entry: schemas.EntryOut


class RiverOut(Schema):
    """One river or park: its row, outfalls and gates on the same water, supplies and teams near the middle of its reach."""

    entry: schemas.EntryOut
    outfalls: list[schemas.EntryOut]
    gates: list[schemas.EntryOut]
    near: list[FoundOut]


def found_out(one: reach.Found) -> FoundOut:
    return FoundOut(
        part=one.part, register_code=one.definition.code, title=one.title, metres=round(one.metres, 1), minutes=one.minutes,
        entry=shapes.entry(one.entry, one.words.sees),
    )  # fmt: skip


@router.get("/programmes/{slug:programme}/emergency", response=answers(list[FoundOut]))
def list_in_reach(request, programme: str, asked: Query[PointAsked]):
    """一个点位附近的物资、资源库、队伍，最快到的在前。 Supplies, pools and teams in reach of a point, the soonest first."""
    programme = programme_for(request, programme)
    kept = reach.books(programme)
    if not kept:
        raise Http404
    question = asked_in_both({"lon": str(asked.lon), "lat": str(asked.lat), "datum": asked.datum})
    lon, lat = question.site["coordinates"]
    found = reach.within(programme, kept, lon, lat, asked.within * 1000, asked.speed, request.user)
    return [found_out(one) for one in found]


def _sheets(request, programme: str):
    programme = programme_for(request, programme)
    definition = queries.serving(programme, "river-sheets")
    if definition is None:
        raise Http404
    rows = queries.entries(programme, definition.code).select_related("body").order_by("key")
    return programme, rows, queries.sight(definition, request.user)


@router.get(RIVERS, response=answers(list[schemas.EntryOut]))
def list_rivers(request, programme: str):
    """一河一图一策的河流和园区。 The rivers and parks that have a sheet."""
    _programme, rows, sees = _sheets(request, programme)
    return [shapes.entry(queries.as_seen(one, sees), sees) for one in rows]


@router.get(RIVERS + "/{int:number}", response=answers(RiverOut))
def read_river(request, programme: str, number: int):
    """一河一图一策：排口、闸坝、附近的物资和队伍。 One river's sheet: outfalls, gates, supplies and teams near it."""
    programme, rows, sees = _sheets(request, programme)
    entry = get_object_or_404(rows, pk=number)
    listed = {
        part: [shapes.entry(one.entry, sees) for one in beside(request, programme, part, entry)] for part in LISTED
    }
    kept, placed = reach.books(programme), entry.lon is not None
    near = reach.within(programme, kept, entry.lon, entry.lat, NEAR, SPEED, request.user) if placed else []
    return RiverOut(
        entry=shapes.entry(queries.as_seen(entry, sees), sees), outfalls=listed["outfalls"], gates=listed["water-gates"],
        near=[found_out(one) for one in near],
    )  # fmt: skip
