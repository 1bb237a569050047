"""Where rows lie: those in a box, those around or near a point, and squares that count them for a map."""

from collections import Counter
from os.path import commonprefix
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet

from qingshan.plan.models import Programme

from ..models import Entry, Register
from ..places import Box, around, box_named, holding, inside, metres_between, tiles_over
from ..sight import Sight
from .rows import COLLECTED, MANY, Sought, on_the_map

IN_A_SQUARE = 300  # rows up to which they are counted where there are too many to read all


def in_box(rows: QuerySet, box: Box) -> QuerySet:
    """The rows whose tile touches the box: all that lie in it, and a few beside it where they have an extent."""
    tiles = tiles_over(box)
    if tiles == [""]:
        return rows.exclude(tile=None)
    found = Q(tile__in=sorted({larger for tile in tiles for larger in holding(tile)}))
    for tile in tiles:
        found |= Q(tile__gte=tile, tile__lt=f"{tile}4")  # names are made of the digits 0–3
    return rows.filter(found)


class Cell(NamedTuple):
    """How many rows a square of the map holds and no smaller square does; `whole` says whether that is all of them."""

    box: Box
    rows: int
    whole: bool


class Drawn(NamedTuple):
    """What a map shows of rows: each of them, or squares that count them where there are too many."""

    rows: QuerySet
    cells: list[Cell] | None


def drawn(found: Sought, sees: Sight, box: Box | None = None, most: int = 400) -> Drawn:
    """The rows found that lie in the box (without one, anywhere), as far as the reader may know; more than `most` in squares.

    Up to some ten thousand rows are read once and counted exactly. Of more, each square is counted up to a number, for which
    the rows in it are walked through.
    """

    def placed(rows: QuerySet) -> QuerySet:
        rows = on_the_map(rows, sees).order_by()  # by no key, or a database walks through all keys
        return in_box(rows, box) if box else rows

    rows = placed(found.rows)
    if found.held is not None:
        tiles = _tiles(placed(found.held), COLLECTED)
    else:
        tiles = None if found.common and box is None else _tiles(rows, MANY)
    if tiles is None:
        return Drawn(rows, _walked(rows, box or _extent(rows)))
    return Drawn(rows, _counted(tiles, box) if len(tiles) > most else None)


def _tiles(rows: QuerySet, most: int) -> list[str] | None:
    """The tile of each row, or None where there are more than `most`."""
    found = list(rows.values_list("tile", flat=True)[: most + 1])
    return found if len(found) <= most else None


def _depth(tiles: list[str]) -> int:
    """How deep in the tree the squares are: one step below the tiles that cover a box."""
    return len(tiles[0]) + 1


def _counted(tiles: list[str], box: Box | None) -> list[Cell]:
    """What lies across several squares is counted in the smallest tile that holds it."""
    depth = _depth(tiles_over(box or box_named(commonprefix([min(tiles), max(tiles)]))))
    return [Cell(box_named(name), rows, True) for name, rows in sorted(Counter(one[:depth] for one in tiles).items())]


def _walked(rows: QuerySet, box: Box | None) -> list[Cell]:
    """As many squares, none counted beyond IN_A_SQUARE: that many are read in the order of tiles, then the next square's."""
    tiles = tiles_over(box) if box else []
    across = rows.filter(tile__in={larger for tile in tiles for larger in holding(tile)})
    found = Counter(dict(across.values_list("tile").annotate(n=Count("pk"))))
    for tile in tiles:
        found.update(_walk(rows, tile, _depth(tiles)))
    return [
        Cell(box_named(name), min(count, IN_A_SQUARE), count <= IN_A_SQUARE) for name, count in sorted(found.items())
    ]


def _walk(rows: QuerySet, tile: str, depth: int) -> Counter[str]:
    found: Counter[str] = Counter()
    start, page = tile, IN_A_SQUARE + 1
    while True:
        part = rows.filter(tile__gte=start, tile__lt=f"{tile}4").order_by("tile").values_list("tile", flat=True)
        read = Counter(one[:depth] for one in part[:page])
        found.update(read)
        last = max(read, default="")
        if read.total() < page:
            break
        if read[last] < page:
            del found[last]  # its rows are read from its first on
            start = last
        else:  # names are made of the digits 0–3
            start = f"{last}4" if len(last) == depth else f"{last}0"
    return found


def _extent(rows: QuerySet) -> Box | None:
    """The smallest tile that holds all the rows: the beginning that the first and the last of their tiles share."""
    tiles = rows.order_by("tile").values_list("tile", flat=True)
    first, last = tiles.first(), tiles.last()
    return None if first is None else box_named(commonprefix([first, last]))


def bounds(programme: Programme) -> Box | None:
    """A box that holds every row of the programme, but those of which not everybody may know where they lie."""
    newest = {one.code: one.schema for one in Register.objects.filter(programme=programme).order_by("version")}
    shown = [code for code, definition in newest.items() if not definition.private_place]
    placed = Entry.objects.filter(programme=programme, register__in=shown, withdrawn=False)
    told = placed.aggregate(west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat"))
    return None if told["west"] is None else Box(**told)


def around_point(rows: QuerySet, lon: float, lat: float) -> list:
    """The rows in whose shape a point lies, such as the zoning units of a site."""
    at = Box(lon, lat, lon, lat)
    return [row for row in in_box(rows, at).exclude(geometry=None).order_by("pk") if inside(row.geometry, lon, lat)]


class Near(NamedTuple):
    entry: Entry
    metres: float


def near(rows: QuerySet, lon: float, lat: float, metres: float) -> list[Near]:
    """The rows within `metres` of a point, the nearest first. What has an extent is measured from its middle."""
    found = (
        Near(row, metres_between(lon, lat, row.lon, row.lat))
        for row in in_box(rows, around(lon, lat, metres))
        if row.lon is not None
    )
    return sorted((one for one in found if one.metres <= metres), key=lambda one: (one.metres, one.entry.pk))
