"""What a map of a register shows: rows as they lie, or squares with their numbers where there are too many to draw."""

from django.conf import settings
from django.urls import reverse

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.models import Revision
from qingshan.web.registers import ListAsked, state_name, state_style

MOST_DRAWN = 400


def tiles() -> dict[str, str]:
    """Where the map's ground comes from; without it the ground is plain."""
    return {"address": settings.QINGSHAN_TILES, "attribution": settings.QINGSHAN_TILES_ATTRIBUTION}


def features(opened, wanted: ListAsked, view: str) -> dict:
    """GeoJSON of what lies in the view (west,south,east,north); without one, of everything. Of nothing, where the district is."""
    box = ListAsked(opened.definition, {"box": view}).box
    found, cells = queries.drawn(opened.sought(wanted), opened.sees, box, MOST_DRAWN)
    if cells is not None:
        return _told([_square(one) for one in cells], False)
    beside = found.select_related("entry") if found.model is Revision else found
    place = reverse("registers-list", args=[opened.programme.code, opened.definition.code])
    told = _told([_feature(opened, one, place) for one in beside], True)
    if not told["features"] and not box and (district := queries.bounds(opened.programme)):
        told["bbox"] = list(district)
    return told


def _told(features: list[dict], whole: bool) -> dict:
    return {"type": "FeatureCollection", "features": features, "whole": whole}


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
