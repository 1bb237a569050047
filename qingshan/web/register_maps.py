"""What a map of a register shows: rows as they lie, or squares with their numbers where there are too many to draw."""

from os.path import commonprefix

from django.conf import settings
from django.urls import reverse

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.models import Revision
from qingshan.evidence.registers.places import Box, box_named
from qingshan.web.registers import Wanted, state_name, state_style

MOST_DRAWN = 400


def tiles() -> dict[str, str]:
    """Where the map's ground comes from; without it the ground is plain."""
    return {"address": settings.QINGSHAN_TILES, "attribution": settings.QINGSHAN_TILES_ATTRIBUTION}


def features(opened, wanted: Wanted, view: str) -> dict:
    """GeoJSON of what lies in the view (west,south,east,north); without one, of everything."""
    box = Wanted(opened.definition, {"box": view}).box
    rows = queries.on_the_map(opened.rows(wanted), opened.sees)
    inside = (queries.in_box(rows, box) if box else rows).order_by()  # by no key, or a database walks through all keys
    count, whole = queries.number(inside, MOST_DRAWN)
    if whole:
        beside = inside.select_related("entry") if inside.model is Revision else inside
        place = reverse("registers-list", args=[opened.programme.code, opened.definition.code])
        found = [_feature(opened, one, place) for one in beside]
    else:
        found = [_square(one) for one in queries.cells(rows, box or extent(rows))]
    return {"type": "FeatureCollection", "features": found, "rows": count, "whole": whole}


def extent(rows) -> Box | None:
    """The smallest tile that holds all the rows: the beginning that the first and the last of their tiles share."""
    tiles = rows.order_by("tile").values_list("tile", flat=True)
    first, last = tiles.first(), tiles.last()
    return None if first is None else box_named(commonprefix([first, last]))


def _feature(opened, entry, list_address: str) -> dict:
    row = opened.words.row(queries.as_seen(entry, opened.sees))
    place = entry.geometry or {"type": "Point", "coordinates": [entry.lon, entry.lat]}
    told = {
        "title": row.title, "key": row.key, "state": state_name(opened.definition, entry.state),
        "style": state_style(opened.definition, entry.state) if opened.definition.states else "way-0",
        "simulated": row.simulated,
        "address": f"{list_address}{row.pk}/",
    }  # fmt: skip
    return {"type": "Feature", "geometry": place, "properties": told}


def _square(cell: queries.Cell) -> dict:
    west, south, east, north = cell.box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"rows": cell.rows, "more": not cell.whole},
    }
