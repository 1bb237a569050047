"""A map drawn on the server, for pages that are printed: shapes on a plain ground, with a scale. No database here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any, NamedTuple

METRES = 111_195  # of a degree of latitude, on a sphere of the mean radius
LINE, WIDE = 15, 60  # pixels: the height of a mark's line, and how near two marks of one line get in each other's way
STEPS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


class Thing(NamedTuple):
    """A GeoJSON geometry (WGS84) with the class it is drawn in and the mark beside it."""

    geometry: Mapping[str, Any]
    look: str
    mark: str = ""


class Drawn(NamedTuple):
    look: str
    path: str
    x: float
    y: float
    mark: str
    dot: bool
    late: bool = False


@dataclass
class Sketch:
    width: int
    height: int
    drawn: list[Drawn] = field(default_factory=list)
    bar: int = 0
    bar_width: float = 0

    @property
    def bar_words(self) -> str:
        return f"{self.bar // 1000} km" if self.bar >= 1000 else f"{self.bar} m"

    @property
    def bar_end(self) -> float:
        return round(16 + self.bar_width, 1)

    @property
    def bar_y(self) -> int:
        return self.height - 14


def sketch(things: Iterable[Thing], width: int = 720, height: int = 440, round_: float = 0.06) -> Sketch:
    """All things on one map, with a margin around them; a single point gets two kilometres of ground."""
    things = [one for one in things if one.geometry]
    points = [point for one in things for point in _points(one.geometry["coordinates"])]
    made = Sketch(width, height)
    if not points:
        return made
    lons, lats = zip(*points, strict=True)
    short = cos(radians((min(lats) + max(lats)) / 2))
    wide, high = max((max(lons) - min(lons)) * short, 0.018), max(max(lats) - min(lats), 0.012)
    scale = min(width / (wide * (1 + 2 * round_)), height / (high * (1 + 2 * round_)))  # pixels to a degree of latitude
    middle = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2

    def at(lon: float, lat: float) -> tuple[float, float]:
        x, y = (lon - middle[0]) * short * scale, (middle[1] - lat) * scale
        return round(width / 2 + x, 1), round(height / 2 + y, 1)

    made.drawn = _apart([_drawn(one, at) for one in things], width)
    made.bar = max((step for step in STEPS if step / METRES * scale <= width / 4), default=STEPS[0])
    made.bar_width = round(made.bar / METRES * scale, 1)
    return made


def _apart(drawn: list[Drawn], width: int) -> list[Drawn]:
    """Each mark a line below those it would cover; `late`: near the right edge, where it must stand before its point."""
    placed: list[Drawn] = []
    for one in drawn:
        y = one.y
        while not one.dot and any(
            abs(y - there.y) < LINE and abs(one.x - there.x) < WIDE for there in placed if there.mark
        ):
            y += LINE
        placed.append(one._replace(y=round(y, 1), late=one.x > width * 0.85))
    return placed


def _drawn(one: Thing, at) -> Drawn:
    lines = [[at(lon, lat) for lon, lat in line] for line in _lines(one.geometry)]
    flat = [point for line in lines for point in line]
    x, y = sum(p[0] for p in flat) / len(flat), sum(p[1] for p in flat) / len(flat)
    end = "Z" if "Polygon" in one.geometry["type"] else ""
    path = "".join("M" + "L".join(f"{px} {py}" for px, py in line) + end for line in lines)
    dot = one.geometry["type"] == "Point"
    return Drawn(one.look, "" if dot else path, round(x, 1), round(y, 1), one.mark, dot)


def _lines(geometry: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    depth = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}[geometry["type"]]
    found = [geometry["coordinates"]]
    for _ in range(depth - 1):
        found = [part for one in found for part in one]
    for one in found:
        yield list(_points(one))


def _points(found) -> Iterator[tuple[float, float]]:
    if isinstance(found[0], int | float):
        yield float(found[0]), float(found[1])
        return
    for one in found:
        yield from _points(one)
