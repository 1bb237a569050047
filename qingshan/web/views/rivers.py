"""一河一图一策: for each key river or park a sheet to print, with its reach, what flows in, what can be closed, and who acts."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingshan.coordination.incidents.responding import DETOUR
from qingshan.evidence.registers import queries
from qingshan.evidence.registers.filters import Condition
from qingshan.web import reach
from qingshan.web.pages import programme_for
from qingshan.web.sketch import Thing, sketch

NEAR = 5_000  # metres from the middle of a reach within which supplies and teams are listed
BESIDE = 1_000  # metres, for a park, or a river whose outfalls do not name their water
SPEED = 30  # km/h
MOST = 60
LISTED = {"outfalls": "outfall", "water-gates": "gate"}


def _opened(request, code):
    programme = programme_for(request, code)
    definition = queries.serving(programme, "river-sheets")
    if definition is None:
        raise Http404
    bodies = {one.code: one for one in programme.jurisdiction.bodies.all()}
    return programme, definition, reach.words_for(definition, request.user, bodies)


@require_safe
def index(request, programme):
    programme, definition, words = _opened(request, programme)
    rows = queries.entries(programme, definition.code).select_related("body").order_by("key")
    found = [words.row(queries.as_seen(one, words.sees), _columns(definition)) for one in rows]
    page = {"here": "registers", "definition": definition, "columns": _columns(definition), "rows": found}
    return render(request, "qingshan/rivers.html", page)


def _columns(definition):
    return [definition.field[code] for code in ("kind", "water", "sheet", "duty") if code in definition.field]


@require_safe
def show(request, programme, number):
    programme, definition, words = _opened(request, programme)
    entry = queries.entries(programme, definition.code).select_related("body").filter(pk=number).first()
    if entry is None:
        raise Http404
    row = words.row(queries.as_seen(entry, words.sees), list(definition.fields))
    listed = {part: beside(request, programme, part, entry) for part in LISTED}
    kept = reach.books(programme)
    near = (
        reach.within(programme, kept, entry.lon, entry.lat, NEAR, SPEED, request.user) if entry.lon is not None else []
    )
    page = {
        "here": "registers",
        "definition": definition,
        "row": row,
        "entry": entry,
        "cell": {column.code: words for column, words in row.cells},
        "outfalls": listed["outfalls"],
        "gates": listed["water-gates"],
        "near": near,
        "near_km": NEAR // 1000,
        "speed": SPEED,
        "detour": DETOUR,
        "map": _map(entry, listed, near),
        "simulated": any(one.simulated for one in [row, *listed["outfalls"], *listed["water-gates"], *near]),
    }
    return render(request, "qingshan/river.html", page)


def beside(request, programme, part, entry) -> list:
    """Rows of that register on the same water; of those that name none, what lies beside the reach."""
    book = queries.serving(programme, part)
    if book is None:
        return []
    words = reach.words_for(book, request.user, {one.code: one for one in programme.jurisdiction.bodies.all()})
    rows = queries.entries(programme, book.code).select_related("body")
    water = entry.data.get("water")
    if water:
        found = queries.matching(rows, book, (Condition("water", "=", (water,)),)).order_by("key")[:MOST]
    elif entry.lon is not None:
        found = [one.entry for one in queries.near(rows, entry.lon, entry.lat, BESIDE)[:MOST]]
    else:
        found = []
    columns = [book.field[code] for code in ("kind", "diameter", "problem", "closing", "duty") if code in book.field]
    return [words.row(queries.as_seen(one, words.sees), columns) for one in found]


def _map(entry, listed, near):
    things = [Thing(entry.geometry, "park" if entry.data.get("kind") == "park" else "reach")] if entry.geometry else []
    for part, look in LISTED.items():
        things += [
            _dot(one.entry, look, one.title)
            for one in listed[part]
            if one.entry.lon is not None and _close(one.entry, entry)
        ]
    looks = {"supplies": "supply", "pools": "pool", "teams": "team"}
    things += [_dot(one.entry, looks[one.part], one.title) for one in near]
    return sketch(things, width=760, height=420)


def _close(one, entry) -> bool:
    """Near enough to be drawn: a river's far outfalls are listed, and would leave its map empty."""
    return entry.lon is None or (abs(one.lon - entry.lon) < 0.08 and abs(one.lat - entry.lat) < 0.06)


def _dot(entry, look, mark) -> Thing:
    return Thing({"type": "Point", "coordinates": [entry.lon, entry.lat]}, look, mark)
