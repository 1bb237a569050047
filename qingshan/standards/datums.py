"""Two systems of coordinates that look alike and lie some 500 m apart: WGS84 and GCJ-02.

CGCS2000, the state system, lies within a metre of WGS84 and is treated as the same here. GCJ-02 is what the maps of most
Chinese providers show. Its rule has never been published officially; the formula below is the one in common use, which
agrees with such maps to a few metres. Outside China's box GCJ-02 equals WGS84.

References
----------
GB 22021-2008 国家大地测量基本技术规定, 4.1: the state's geodetic system is CGCS2000. Not read in the original.
"""

from math import cos, pi, sin, sqrt

VERIFICATION = "M-M"  # the formula is from common use; no official text exists
DATUMS = ("wgs84", "gcj02")
MAJOR, FLATTENING = 6_378_245.0, 0.006_693_421_622_965_943  # Krasovsky 1940 [metres], and its squared eccentricity
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271  # degrees


def to_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]:
    """Longitude and latitude [degrees] in WGS84. Raises ValueError for a datum that is not named."""
    if datum not in DATUMS:
        raise ValueError(datum)
    return (lon, lat) if datum == "wgs84" else _back(lon, lat)


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Longitude and latitude [degrees] in GCJ-02, from WGS84."""
    if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        return lon, lat
    east, north = _shift(lon - 105, lat - 35)
    slope = 1 - FLATTENING * sin(lat / 180 * pi) ** 2
    north = north * 180 / (MAJOR * (1 - FLATTENING) / (slope * sqrt(slope)) * pi)
    east = east * 180 / (MAJOR / sqrt(slope) * cos(lat / 180 * pi) * pi)
    return lon + east, lat + north


def _back(lon: float, lat: float) -> tuple[float, float]:
    """The point whose GCJ-02 is the given one, by repeated correction."""
    found = lon, lat
    for _ in range(8):
        shown = to_gcj02(*found)
        found = found[0] + lon - shown[0], found[1] + lat - shown[1]
    return found


def _shift(x: float, y: float) -> tuple[float, float]:
    """East and north [metres] by which GCJ-02 moves a point x, y degrees from 105° E, 35° N."""
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    east += (waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    north += (waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y / 30 * pi)) * 2 / 3
    return east, north
