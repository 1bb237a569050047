"""Registers: their definitions, rows as a reader may see them, and writing them."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from qingshan.evidence.registers import actions, queries
from qingshan.evidence.registers.filters import BadFilter
from qingshan.evidence.registers.models import Entry, Register
from qingshan.evidence.registers.places import Box
from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers, written
from qingshan.web.pages import programme_for
from qingshan.web.register_rows import Opened, open_register

router = Router(tags=["台账 registers"])
ROWS = "/programmes/{slug:programme}/registers/{slug:code}/entries"
ROW = ROWS + "/{int:number}"


class Wanted(Schema):
    filter: str = Field("", max_length=2000, description="如 town=某镇;state!=mended，见 docs/registers.md")
    sort: str = Field("", max_length=60, description="可筛选的字段，前加 - 为从大到小")
    after: int | None = Field(None, ge=1, le=2**31 - 1)
    size: int = Field(50, ge=1, le=500)
    withdrawn: bool = False


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
def list_entries(request, programme: str, code: str, wanted: Query[Wanted]):
    """条目，可筛选、排序、分页。 Rows, filtered, sorted, page by page."""
    opened = open_register(request, programme, code)
    rows = _rows(opened, wanted.filter, wanted.withdrawn)
    page = queries.page(rows, opened.definition, wanted.sort, after=wanted.after, size=wanted.size)
    total, exact = queries.number(rows)
    return schemas.EntryPage(
        total=total, exact=exact, after=page.rows[-1].pk if page.after else None,
        entries=[_seen(opened, row) for row in page.rows],
    )  # fmt: skip


def _rows(opened: Opened, condition: str, withdrawn: bool = False):
    rows = queries.entries(opened.programme, opened.definition.code, withdrawn)
    return queries.matching(rows, opened.definition, condition, by=opened.user)


def _seen(opened: Opened, row: Entry) -> schemas.EntryOut:
    return shapes.entry(queries.as_seen(row, opened.sees), opened.sees)


@router.get(
    "/programmes/{slug:programme}/registers/{slug:code}/entries.geojson",
    response=answers(schemas.FeatureCollection), openapi_extra={"x-media-type": "application/geo+json"},
)  # fmt: skip
def read_map(
    request, programme: str, code: str, filter: str = Query("", max_length=2000),
    box: str = Query("", max_length=80, description="west,south,east,north"), limit: int = Query(1000, ge=1, le=10_000),
):  # fmt: skip
    """有位置的条目（GeoJSON）。 Rows that have a place, as GeoJSON."""
    opened = open_register(request, programme, code)
    rows = queries.on_the_map(_rows(opened, filter), opened.sees)
    if box:
        rows = queries.in_box(rows, _box(box))
    found = [_feature(opened, row) for row in rows.select_related("body").order_by("pk")[:limit]]
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
    seen = queries.as_seen(row, opened.sees)
    shape = seen.geometry or {"type": "Point", "coordinates": [seen.lon, seen.lat]}
    told = {
        "key": seen.key,
        "state": seen.state,
        "origin": seen.origin,
        "body": seen.body.code if seen.body_id else None,
    }
    return schemas.Feature(id=seen.pk, geometry=shape, properties=told | {"data": seen.data})


def _entry(request, programme: str, code: str, number: int) -> tuple[Opened, Entry]:
    opened = open_register(request, programme, code)
    rows = Entry.objects.filter(programme=opened.programme, register=code).select_related("body")
    return opened, get_object_or_404(rows, pk=number)


@router.get(ROW, response=answers(schemas.EntryOut))
def read_entry(request, programme: str, code: str, number: int):
    """一条。 One row."""
    return _seen(*_entry(request, programme, code, number))


@router.get(ROW + "/revisions", response=answers(list[schemas.RevisionOut]))
def list_revisions(request, programme: str, code: str, number: int):
    """一条的历次修改，新的在前。 All a row ever was, the newest first."""
    opened, entry = _entry(request, programme, code, number)
    return [_revision(opened, one) for one in queries.history(entry, opened.sees)]


def _revision(opened: Opened, one) -> schemas.RevisionOut:
    if not hasattr(one, "hidden"):
        one = queries.as_seen(one, opened.sees)
    more = {"id": one.entry_id, "key": one.entry.key, "why": one.why, "recorded_at": one.recorded_at}
    return shapes.entry(one, opened.sees, schemas.RevisionOut, **more, recorded_by=shapes.person(one.recorded_by))


# --- writing


@router.post(ROWS, response=written(schemas.EntryOut, 201))
def add_entry(request, programme: str, code: str, given: schemas.EntryIn):
    """登记一条。 Add a row."""
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    made = actions.add_entry(
        by=request.user, programme=opened.programme, register=code, **_given(given), state=given.state
    )
    return Status(201, _seen(opened, made))


@router.patch(ROW, response=written(schemas.EntryOut))
def change_entry(request, programme: str, code: str, number: int, given: schemas.EntryChange):
    """修改一条；expected 不是最新版本时回答 409，并附最新内容。 Change a row; 409 with the newest content where `expected` is not the newest."""
    opened, entry = _entry(request, programme, code, number)
    return _seen(opened, actions.change_entry(by=request.user, entry=entry, expected=given.expected, **_given(given)))


@router.post(ROW + "/move", response=written(schemas.EntryOut))
def move_entry(request, programme: str, code: str, number: int, given: schemas.EntryMove):
    """变更一条的状态；缺证明材料时回答 422。 Move a row on; 422 where its proof is lacking."""
    opened, entry = _entry(request, programme, code, number)
    return _seen(
        opened, actions.move(by=request.user, entry=entry, expected=given.expected, to=given.to, **_given(given))
    )


@router.post(ROW + "/withdraw", response=written(schemas.EntryOut))
def withdraw_entry(request, programme: str, code: str, number: int, given: schemas.EntryWithdrawal):
    """撤下一条，须写明理由。 Take a row out, with the reason."""
    opened, entry = _entry(request, programme, code, number)
    return _seen(opened, actions.withdraw(by=request.user, entry=entry, expected=given.expected, why=given.why))


def _given(one: Schema) -> dict:
    """What the writes have in common; a day after today is refused, as on the page."""
    _not_ahead(one.known_on)
    found = {"data": one.data, "known_on": one.known_on, "effective_on": one.effective_on, "why": one.why}
    for name in ("source", "geometry"):
        if hasattr(one, name):
            value = getattr(one, name)
            found[name] = value.model_dump() if isinstance(value, schemas.Geometry) else value
    return found


def _not_ahead(known_on: date | None) -> None:
    if known_on and known_on > (today := timezone.localdate()):
        raise Refused(
            f"得知日 {known_on} 在今天 {today} 之后，请改正。",
            f"The day known, {known_on}, is after today, {today}; correct it.",
        )
