"""Limits of GB 3095, by edition."""

from datetime import date
from decimal import Decimal

from ..editions import Edition, edition

FAMILY = "gb3095"


def limits(on: date | None = None, code: str | None = None) -> Edition:
    """The edition of GB 3095 in force on a day, or the one called `code`."""
    return edition(FAMILY, on, code)


def limit(item: str, period: str, table: Edition, zone: int = 2) -> Decimal | int:
    """The limit of an item for a period: annual, quarterly, daily, mda8, hourly [μg/m³], CO [mg/m³].

    `zone` is 1 (nature reserves and the like) or 2 (elsewhere). Raises KeyError where the table has no such limit.

    References
    ----------
    GB 3095, tables 1 and 2; zones: clause 4.1.
    """
    return table["limits"][item][period][zone - 1]
