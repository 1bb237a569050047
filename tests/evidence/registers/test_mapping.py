"""What a map shows of rows: each of few, and squares that count many, exactly or as more than a number."""

import random
from collections import Counter
from os.path import commonprefix

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.actions import define_register, put_entries
from qingshan.evidence.registers.places import Box, box_named, box_of, tile_of, tiles_over
from qingshan.evidence.registers.queries import mapping, sight
from qingshan.evidence.registers.queries import rows as reading
from qingshan.evidence.registers.schema import Definition

from .outfalls import DAY, OUTFALLS, point, stated

ZONES = Definition.model_validate(OUTFALLS | {"code": "zones", "geometry": "polygon"})
POINTS = Definition.model_validate(OUTFALLS)
NAMES = ["北闸", "北闸二号", "南闸", "Gate"]


def shape(lon, lat, side):
    if not side:
        return point(lon, lat)
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def told(definition):
    """120 rows, half of them close together; each fifth without a place."""
    rng, sides = random.Random(definition.code), [0] if definition is POINTS else [0.0001, 0.01, 0.2]
    made = []
    for n in range(120):
        wide = 0.02 if n % 2 else 1
        place = shape(round(121 + rng.random() * wide, 5), round(30.6 + rng.random() * wide, 5), rng.choice(sides))
        made.append(stated(f"P-{n:03}", geometry=place if n % 5 else None, name=rng.choice(NAMES)))
    return made


@pytest.fixture
def filled(programme):
    for definition in (POINTS, ZONES):
        define_register(by=None, programme=programme, definition=definition)
        put_entries(by=None, programme=programme, register=definition.code, rows=told(definition))
    return programme


def naive(definition, text, box):
    """The tiles of the rows that hold the text and whose tile touches the box, row by row."""
    held = [one for one in told(definition) if one.geometry and text.lower() in f"{one.data['no']} {one.data['name']}".lower()]  # fmt: skip
    tiles = [tile_of(box_of(one.geometry, definition.geometry)) for one in held]
    near = tiles_over(box) if box else [""]
    return [one for one in tiles if any(one.startswith(tile) or tile.startswith(one) for tile in near)]


def drawn(programme, definition, text, box, most):
    rows = queries.entries(programme, definition.code)
    found = queries.sought(rows, definition, text=text, size=rows.count())
    return queries.drawn(found, sight(definition, None), box, most)


BOXES = st.none() | st.builds(
    lambda west, south, side: Box(west, south, west + side, south + side),
    st.floats(120.9, 122), st.floats(30.5, 31.6), st.sampled_from([0.001, 0.02, 0.3, 2]),
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    definition=st.sampled_from([POINTS, ZONES]), text=st.sampled_from(["", "北闸", "闸", "P-0", "gate", "没有", "P-11"]), box=BOXES,
    most=st.sampled_from([0, 10, 500]), many=st.sampled_from([5, 40, 500]), few=st.sampled_from([2, 30]),
    collected=st.sampled_from([3, 45, 500]), square=st.sampled_from([1, 7, 30]),
)  # fmt: skip
def test_each_row_is_drawn_or_counted_once(filled, definition, text, box, most, many, few, collected, square):
    tiles = naive(definition, text, box)
    with pytest.MonkeyPatch.context() as patch:
        for module in (reading, mapping):
            patch.setattr(module, "MANY", many)
            patch.setattr(module, "COLLECTED", collected)
        patch.setattr(reading, "FEW", min(few, many))
        patch.setattr(reading, "SAMPLE", 10)
        patch.setattr(mapping, "IN_A_SQUARE", square)
        found = drawn(filled, definition, text, box, most)
        if found.cells is None:
            assert len(tiles) <= most and sorted(one.tile for one in found.rows) == sorted(tiles)
            return
    depth = len(tiles_over(box or box_named(commonprefix(tiles)))[0]) + 1 if tiles else 0
    wanted = Counter(box_named(one[:depth]) for one in tiles)
    assert {one.box for one in found.cells} == wanted.keys()
    for one in found.cells:
        assert (one.rows, one.whole) == (min(wanted[one.box], square), wanted[one.box] <= square) or one == (
            one.box, wanted[one.box], True)  # fmt: skip


def test_what_lies_across_squares_is_counted_in_a_larger_one(programme):
    define_register(by=None, programme=programme, definition=ZONES)
    line = box_named("132121").east  # where two squares meet
    across = [stated(f"A-{n}", geometry=shape(line - 0.005, 30.7 + n / 1000, 0.01)) for n in range(3)]
    beside = [stated(f"B-{n}", geometry=shape(line + n / 10, 30.7 + n / 10, 0.001)) for n in range(1, 9)]
    put_entries(by=None, programme=programme, register="zones", rows=across + beside)
    cells = drawn(programme, ZONES, "", None, 5).cells
    assert sum(one.rows for one in cells) == 11
    assert max(cells, key=lambda one: one.box.east - one.box.west).rows >= 3


def test_no_rows_have_no_squares(filled):
    rows = queries.entries(filled, "outfalls").filter(known_on__lt=DAY)
    assert queries.drawn(queries.Sought(rows), sight(POINTS, None)).cells is None
    assert queries.drawn(queries.Sought(rows, common=True), sight(POINTS, None)).cells == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads every row, however common a text is")
def test_a_text_that_most_rows_hold_is_counted_by_walking_through_the_squares(filled, monkeypatch):
    monkeypatch.setattr(reading, "COLLECTED", 50)
    rows = queries.entries(filled, "outfalls")
    assert queries.sought(rows, POINTS, text="P-", size=120).common
    assert not queries.sought(rows, POINTS, text="P-01", size=120).common  # of the first alone it is held by many
    assert not queries.sought(rows, POINTS, text="P-", size=0).common
