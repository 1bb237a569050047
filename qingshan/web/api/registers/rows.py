"""Registers: their definitions, and rows as a reader may see them."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from ninja import Query, Schema
from pydantic import Field

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.filters import BadFilter
from qingshan.evidence.registers.models import Entry, Register, Revision
from qingshan.evidence.registers.places import Box
from qingshan.web import registers as shown
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.api.registers import router
from qingshan.web.pages import programme_for
from qingshan.web.register_rows import Opened, open_register

ROWS = "/programmes/{slug:programme}/registers/{slug:code}/entries"
ROW = ROWS + "/{int:number}"


class Chosen(Schema):
    filter: str = Field("", max_length=2000, description="如 town=某镇;state!=mended，见 docs/registers.md")
    query: str = Field("", max_length=1000, description="台账页面地址中 ? 之后的部分，存下的筛选也是这样：所得就是页面所列 / "
                       "what stands after ? in the address of the register's page, as of a kept filter: just what it lists")  # fmt: skip
    withdrawn: bool = False
    as_of: schemas.Day | None = Field(None, description="rows as they were known on that day")


class EntriesAsked(Chosen):
    sort: str = Field("", max_length=60, description="可筛选的字段，前加 - 为从大到小")
    after: int | None = Field(None, ge=1, le=2**31 - 1)
    size: int = Field(50, ge=1, le=500)


@router.get("/programmes/{slug:programme}/registers", response=answers(list[schemas.RegisterLine]))
def list_registers(request, programme: str):
    """台账一览，各状态的条目数。 Registers with how many rows stand in each state."""
    programme = programme_for(request, programme)
    newest = {one.code: one for one in Register.objects.filter(programme=programme).order_by("version")}
    tallies, simulated = queries.all_tallies(programme), queries.any_simulated(programme)
    return [
        schemas.RegisterLine(**_line(newest[code].schema, tallies.get(code, {}), code in simulated))
        for code in sorted(newest)
    ]


def _line(definition, tallies: dict[str, int], simulated: bool) -> dict:
    return {
        "code": definition.code, "version": definition.version, "name": definition.name.model_dump(),
        "geometry": definition.geometry, "states": tallies, "simulated": simulated,
    }  # fmt: skip


@router.get("/programmes/{slug:programme}/registers/{slug:code}", response=answers(schemas.RegisterOut))
def read_register(request, programme: str, code: str):
    """台账的定义：字段、状态、流转、唯一键。 A register's definition: fields, states, moves, key."""
    opened = open_register(request, programme, code)
    simulated = code in queries.any_simulated(opened.programme)
    line = _line(opened.definition, opened.tallies, simulated)
    return schemas.RegisterOut(**line, definition=opened.definition.plain())


@router.get(ROWS, response=answers(schemas.EntryPage))
def list_entries(request, programme: str, code: str, wanted: Query[EntriesAsked]):
    """条目，可筛选、排序、分页。 Rows, filtered, sorted, page by page."""
    opened = open_register(request, programme, code)
    asked = asked_of(opened, wanted)
    sought, order = opened.sought(asked), opened.order(wanted.sort or asked.sort)
    page = queries.page(sought.rows, opened.definition, order, after=wanted.after, size=wanted.size)
    total, exact = opened.number(sought)
    return schemas.EntryPage(
        total=total, exact=exact, after=page.rows[-1].pk if page.after else None,
        entries=[seen(opened, row) for row in page.rows],
    )  # fmt: skip


def chosen(opened: Opened, wanted: Chosen):
    """The rows that are asked for, of a day their revisions, just as the page lists them."""
    return opened.rows(asked_of(opened, wanted))


def asked_of(opened: Opened, wanted: Chosen) -> shown.ListAsked:
    """What is asked, as an address of the page asks it; what is told beside an address narrows it further."""
    told = QueryDict(wanted.query).dict()
    if any("\0" in value for value in told.values()):
        raise BadFilter("筛选里有不能保存的字符", "the query holds a character that cannot be kept")
    told["where"] = ";".join(filter(None, (told.get("where"), wanted.filter)))
    if wanted.withdrawn:
        told["state"] = "withdrawn"
    if wanted.as_of:
        told["as_of"] = wanted.as_of.isoformat()
    return shown.ListAsked(opened.definition, told)


def seen(opened: Opened, row: Entry | Revision) -> schemas.EntryOut:
    of_a_day = {"id": row.entry_id, "key": row.entry.key} if isinstance(row, Revision) else {}
    return shapes.entry(queries.as_seen(row, opened.sees), opened.sees, **of_a_day)


@router.get(
    "/programmes/{slug:programme}/registers/{slug:code}/entries.geojson",
    response=answers(schemas.FeatureCollection), openapi_extra={"x-media-type": "application/geo+json"},
)  # fmt: skip
def read_map(
    request, programme: str, code: str, wanted: Query[Chosen],
    box: str = Query("", max_length=80, description="west,south,east,north"), limit: int = Query(1000, ge=1, le=10_000),
):  # fmt: skip
    """有位置的条目（GeoJSON）。 Rows that have a place, as GeoJSON."""
    opened = open_register(request, programme, code)
    rows = queries.on_the_map(chosen(opened, wanted), opened.sees)
    if box:
        rows = queries.in_box(rows, _box(box))
    rows = rows.select_related("body", *(["entry"] if rows.model is Revision else [])).order_by("pk")
    found = [_feature(opened, row) for row in rows[:limit]]
    told = schemas.FeatureCollection(features=found)
    return HttpResponse(told.model_dump_json(), content_type="application/geo+json")


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(one) for one in text.split(","))
    except ValueError:
        west = south = east = north = 0.0
    if -180 <= west < east <= 180 and -85 <= south < north <= 85:
        return Box(west, south, east, north)
    raise BadFilter("box 应写作 西,南,东,北 四个经纬度", "write box as west,south,east,north, in degrees")


def _feature(opened: Opened, row: Entry) -> schemas.Feature:
    one = queries.as_seen(row, opened.sees)
    shape = one.geometry or {"type": "Point", "coordinates": [one.lon, one.lat]}
    body = one.body.code if one.body_id else None
    key, pk = (row.entry.key, row.entry_id) if isinstance(row, Revision) else (one.key, one.pk)
    told = {"key": key, "state": one.state, "origin": one.origin, "body": body, "data": one.data}
    return schemas.Feature(id=pk, geometry=shape, properties=told)


def entry_at(request, programme: str, code: str, number: int) -> tuple[Opened, Entry]:
    opened = open_register(request, programme, code)
    rows = Entry.objects.filter(programme=opened.programme, register=code).select_related("body")
    return opened, get_object_or_404(rows, pk=number)


@router.get(ROW, response=answers(schemas.EntryOut))
def read_entry(request, programme: str, code: str, number: int):
    """一条。 One row."""
    return seen(*entry_at(request, programme, code, number))


@router.get(ROW + "/revisions", response=answers(list[schemas.RevisionOut]))
def list_revisions(request, programme: str, code: str, number: int):
    """一条的历次修改，新的在前。 All a row ever was, the newest first."""
    opened, entry = entry_at(request, programme, code, number)
    return [_revision(opened, one) for one in queries.history(entry, opened.sees)]


def _revision(opened: Opened, one) -> schemas.RevisionOut:
    if not hasattr(one, "hidden"):
        one = queries.as_seen(one, opened.sees)
    more = {"id": one.entry_id, "key": one.entry.key, "why": one.why, "recorded_at": one.recorded_at}
    return shapes.entry(one, opened.sees, schemas.RevisionOut, **more, recorded_by=shapes.person(one.recorded_by))
