from math import isclose

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qingshan.evidence.registers.places import (
    Box,
    Unplaced,
    around,
    box_named,
    box_of,
    box_of_tile,
    holding,
    inside,
    metres_between,
    tile_of,
    tiles_over,
)

lons, lats = st.floats(-179.9, 179.9), st.floats(-84, 84)


def test_a_known_distance():
    """One degree along a meridian is the earth's circumference over 360."""
    assert isclose(metres_between(121, 30, 121, 31), 111_195.08, abs_tol=0.1)
    assert metres_between(121, 30, 121, 30) == 0


@given(lons, lats, lons, lats)
def test_distance_is_the_same_both_ways(a, b, c, d):
    assert isclose(metres_between(a, b, c, d), metres_between(c, d, a, b), abs_tol=1e-6)


@given(st.floats(-170, 170), st.floats(-80, 80), st.floats(1, 50_000), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_the_box_around_a_point_leaves_nothing_near_out(lon, lat, metres, east, north):
    assume(abs(lat + north) < 84 and metres_between(lon, lat, lon + east, lat + north) <= metres)
    box = around(lon, lat, metres)
    assert box.west <= lon + east <= box.east and box.south <= lat + north <= box.north


@given(st.floats(-179, 178), st.floats(-83, 82), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_point_in_a_box_is_found_by_the_box_s_tiles(west, south, wide, high, x, y):
    box = Box(west, south, west + wide, south + high)
    lon, lat = west + x * wide, south + y * high
    tile, tiles = tile_of(Box(lon, lat, lon, lat)), tiles_over(box)
    assert len(tiles) <= 9 and any(tile.startswith(one) for one in tiles)


@given(st.floats(-179, 178), st.floats(-83, 82), st.floats(0, 1), st.floats(0, 1))
def test_the_tile_of_a_box_holds_its_corners(west, south, wide, high):
    tile = tile_of(Box(west, south, west + wide, south + high))
    for lon, lat in ((west, south), (west + wide, south + high)):
        assert tile_of(Box(lon, lat, lon, lat)).startswith(tile)


def test_larger_tiles():
    assert holding("1203") == ["", "1", "12", "120"]


@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(0, 1), st.floats(0, 1))
def test_a_tile_is_found_again_by_its_name(lon, lat, wide, high):
    box = Box(lon, lat, min(180.0, lon + wide), min(84.0, lat + high))
    held = box_named(tile_of(box))
    near = 1e-9  # of a degree, a tenth of a millimetre
    assert held.west <= box.west + near and held.south <= box.south + near
    assert held.east >= box.east - near and held.north >= box.north - near
    assert len(tiles_over(box)) <= 9


def test_a_web_map_s_tile_is_a_box():
    world = box_of_tile(0, 0, 0)
    assert isclose(world.west, -180) and isclose(world.east, 180) and isclose(world.north, 85.0511287798066)
    box = box_of_tile(13700, 6700, 14)
    assert tile_of(Box(box.west + 1e-6, box.south + 1e-6, box.east - 1e-6, box.north - 1e-6)) == tile_of(
        Box(box.west + 2e-6, box.south + 2e-6, box.east - 2e-6, box.north - 2e-6)
    )


SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
HOLE = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]


@given(st.floats(-5, 15), st.floats(-5, 15))
def test_a_point_is_in_a_square_with_a_hole(lon, lat):
    assume(all(abs(edge - at) > 1e-9 for edge in (0, 4, 6, 10) for at in (lon, lat)))
    wanted = 0 < lon < 10 and 0 < lat < 10 and not (4 < lon < 6 and 4 < lat < 6)
    assert inside({"type": "Polygon", "coordinates": [SQUARE, HOLE]}, lon, lat) == wanted
    assert inside({"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [HOLE]]}, 5, 5)


def test_a_line_holds_no_point():
    assert not inside({"type": "LineString", "coordinates": SQUARE}, 5, 5)


def test_boxes_of_shapes():
    assert box_of({"type": "Point", "coordinates": [121.3, 30.7]}, "point") == Box(121.3, 30.7, 121.3, 30.7)
    ring = [[121, 30], [122, 30], [122, 31], [121, 30]]
    assert box_of({"type": "Polygon", "coordinates": [ring]}, "polygon") == Box(121, 30, 122, 31)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"type": "Polygon", "coordinates": []}, "图形应为 Point"),
        ({"type": "Point", "coordinates": [200, 30]}, "超出范围"),
        ({"type": "Point", "coordinates": ["121", 30]}, "坐标应为两个数"),
        ({"type": "Point", "coordinates": [True, 30]}, "坐标应为两个数"),
        ({"type": "Point", "coordinates": []}, "图形坐标写法不对"),
        ({"type": "Point", "coordinates": [float("nan"), 30]}, "超出范围"),
        ("Point", "图形应为 Point"),
    ],
)
def test_a_bad_shape_says_why(shape, words):
    with pytest.raises(Unplaced) as wrong:
        box_of(shape, "point")
    assert words in wrong.value.zh and wrong.value.en
