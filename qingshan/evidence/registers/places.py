"""Where a row lies: geometries in WGS 84 [degrees], boxes, distances [metres] and the tiles of a quadtree.

A row keeps the name of the smallest tile that holds all of it. A text index over these names then answers “what lies in
this box” with a few ranges, on any database.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import asin, atan, cos, degrees, floor, log, pi, radians, sin, sinh, sqrt, tan
from typing import Any, NamedTuple

EARTH = 6_371_008.8  # metres, mean radius (IUGG)
DEEPEST = 18  # of the tiles; one is then some 150 m wide at the equator
MOST_TILES = 9
NORTHERNMOST = 85.05112878  # degrees, where the square of the tiles ends
SHAPES = {"point": ("Point",), "line": ("LineString", "MultiLineString"), "polygon": ("Polygon", "MultiPolygon")}
MOST_CORNERS = 20_000


class Box(NamedTuple):
    west: float
    south: float
    east: float
    north: float


class Unplaced(ValueError):
    """A geometry that cannot be used, with the reason in Chinese and in English."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle distance [m] by the haversine formula."""
    a = sin(radians(other_lat - lat) / 2) ** 2
    b = cos(radians(lat)) * cos(radians(other_lat)) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(a + b)))


def around(lon: float, lat: float, metres: float) -> Box:
    """A box [degrees] that holds every point within `metres` of the given one."""
    up = degrees(metres / EARTH) * 1.0001
    widest = max(cos(radians(min(89.9, abs(lat) + up))), 1e-3)
    side = up / widest
    return Box(max(-180.0, lon - side), max(-90.0, lat - up), min(180.0, lon + side), min(90.0, lat + up))


def box_of(geometry: Mapping[str, Any], kind: str) -> Box:
    """The box of a GeoJSON geometry of the given kind. Raises Unplaced with the reason."""
    if not isinstance(geometry, Mapping) or geometry.get("type") not in SHAPES.get(kind, ()):
        raise Unplaced(
            f"图形应为 {'或 '.join(SHAPES.get(kind, ()))}", f"the shape should be {' or '.join(SHAPES.get(kind, ()))}"
        )
    corners = list(_corners(geometry.get("coordinates"), 0))
    if not 1 <= len(corners) <= MOST_CORNERS:
        raise Unplaced(
            f"图形有 {len(corners)} 个点，应为 1—{MOST_CORNERS} 个",
            f"the shape has {len(corners)} points, 1 to {MOST_CORNERS} are allowed",
        )
    lons, lats = zip(*corners, strict=True)
    return Box(min(lons), min(lats), max(lons), max(lats))


def _corners(found: Any, depth: int) -> Iterator[tuple[float, float]]:
    if not isinstance(found, list | tuple) or not found or depth > 4:
        raise Unplaced(
            "图形坐标写法不对，应为 [经度, 纬度] 的列表", "coordinates should be lists of [longitude, latitude]"
        )
    if isinstance(found[0], list | tuple):
        yield from chain.from_iterable(_corners(one, depth + 1) for one in found)
        return
    yield _corner(found)


def _corner(found: Any) -> tuple[float, float]:
    if len(found) < 2 or any(isinstance(one, bool) or not isinstance(one, int | float) for one in found[:2]):
        raise Unplaced("坐标应为两个数：经度、纬度", "a coordinate is two numbers: longitude and latitude")
    lon, lat = float(found[0]), float(found[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Unplaced(
            f"坐标（{lon}，{lat}）超出范围：经度 -180—180，纬度 -90—90",
            f"the coordinate ({lon}, {lat}) is out of range: longitude -180 to 180, latitude -90 to 90",
        )
    return lon, lat


def inside(geometry: Mapping[str, Any], lon: float, lat: float) -> bool:
    """Whether a point lies in a Polygon or MultiPolygon, and in none of its holes. On an edge it may count either way."""
    shapes = {"Polygon": lambda one: [one], "MultiPolygon": lambda one: one}.get(geometry["type"], lambda one: [])
    return any(
        _in_ring(shape[0], lon, lat) and not any(_in_ring(hole, lon, lat) for hole in shape[1:])
        for shape in shapes(geometry["coordinates"])
    )


def _in_ring(ring: Sequence[Sequence[float]], lon: float, lat: float) -> bool:
    """By how often a ray to the east crosses the ring: an odd number of times from within."""
    crossed = False
    for (x, y, *_), (to_x, to_y, *_) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y > lat) != (to_y > lat) and lon < x + (lat - y) / (to_y - y) * (to_x - x):
            crossed = not crossed
    return crossed


def _tile(lon: float, lat: float, depth: int) -> tuple[int, int]:
    count = 2**depth
    lat = max(-NORTHERNMOST, min(NORTHERNMOST, lat))
    y = (1 - log(tan(radians(lat)) + 1 / cos(radians(lat))) / pi) / 2
    return tuple(max(0, min(count - 1, floor(part * count))) for part in ((lon + 180) / 360, y))


def _name(x: int, y: int, depth: int) -> str:
    return "".join(str((x >> level & 1) + 2 * (y >> level & 1)) for level in range(depth - 1, -1, -1))


def tile_of(box: Box) -> str:
    """Name of the smallest tile that holds the whole box; deeper tiles have longer names. The whole world has the name ''."""
    (x, y), (to_x, to_y) = _tile(box.west, box.north, DEEPEST), _tile(box.east, box.south, DEEPEST)
    up = max((x ^ to_x).bit_length(), (y ^ to_y).bit_length())
    return _name(x >> up, y >> up, DEEPEST - up)


def tiles_over(box: Box) -> list[str]:
    """Names of at most nine tiles that together cover the box, as small as possible."""
    for depth in range(DEEPEST, 0, -1):
        (x, y), (to_x, to_y) = _tile(box.west, box.north, depth), _tile(box.east, box.south, depth)
        if (to_x - x + 1) * (to_y - y + 1) <= MOST_TILES:
            return [_name(i, j, depth) for i in range(x, to_x + 1) for j in range(y, to_y + 1)]
    return [""]


def holding(tile: str) -> list[str]:
    """The larger tiles around a tile, the world first."""
    return [tile[:depth] for depth in range(len(tile))]


def box_named(tile: str) -> Box:
    """The box of a tile by its name."""
    x = int("".join(str(int(digit) & 1) for digit in tile) or "0", 2)
    y = int("".join(str(int(digit) >> 1) for digit in tile) or "0", 2)
    return box_of_tile(x, y, len(tile))


def box_of_tile(x: int, y: int, depth: int) -> Box:
    """The box of a map tile as web maps number them (x, y, zoom)."""

    def lat(row: int) -> float:
        return degrees(atan(sinh(pi * (1 - 2 * row / 2**depth))))

    def lon(column: int) -> float:
        return column / 2**depth * 360 - 180

    return Box(lon(x), lat(y + 1), lon(x + 1), lat(y))
