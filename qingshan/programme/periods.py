"""How a period is written: 2024-07, 2024-Q3, 2024, 2024-07-15. [start, end] are its first and last day."""

import re
from calendar import monthrange
from datetime import date

FORMS = {
    "month": (re.compile(r"(\d{4})-(\d{2})", re.ASCII), "2024-07"),
    "quarter": (re.compile(r"(\d{4})-Q([1-4])", re.ASCII), "2024-Q3"),
    "year": (re.compile(r"(\d{4})", re.ASCII), "2024"),
    "date": (re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII), "2024-07-15"),
}


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def bounds(text: str, frequency: str) -> tuple[date, date]:
    """First and last day of a period written in the form of its frequency; ValueError where it is not."""
    match = FORMS[frequency][0].fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, *rest = (int(n) for n in match.groups())
    if frequency == "date":
        return date(year, *rest), date(year, *rest)
    if frequency == "year":
        return _months(year, 1, 12)
    last = rest[0] * 3 if frequency == "quarter" else rest[0]
    if not 1 <= last <= 12:
        raise ValueError(text)
    return _months(year, last - 2 if frequency == "quarter" else last, last)
