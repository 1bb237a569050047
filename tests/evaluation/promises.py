"""Short ways to write targets and evidence in tests of the rules, and hypothesis strategies for any of them."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from qingshan.evaluation.status import Curve, Evidence, Kind, Outlook, Point, Side, Target

START, DEADLINE = date(2024, 1, 1), date(2026, 12, 31)
STATES = (Kind.UPPER_BOUND, Kind.LOWER_BOUND, Kind.STRICT_BOUND, Kind.FULL_COVERAGE)
NEEDS_VALUE = set(Kind) - {Kind.FULL_COVERAGE, Kind.DATED_MILESTONE, Kind.DIRECTION_ONLY}


def day(text):
    return date.fromisoformat(text)


def number(text):
    return None if text is None else Decimal(str(text))


def target(kind, value=None, *, start="2024-01-01", deadline="2026-12-31", baseline=None, **more):
    return Target(kind, day(start), day(deadline), number(value), baseline=number(baseline), **more)


def at(until, value, **more):
    """A point; value "3/4" is a part of a whole."""
    part, _, whole = str(value).partition("/")
    return Point(day(until), None if value is None else Decimal(part), of=Decimal(whole) if whole else None, **more)


def seen(*pairs, **more):
    """Evidence from "day value" texts."""
    return Evidence(tuple(at(*pair.split()) for pair in pairs), **more)


def outlook(probability):
    return Outlook(Decimal(probability))


# Anything the rules may meet.

days = st.dates(date(2022, 1, 1), date(2029, 12, 31))
values = st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=2)
shares = st.decimals(0, 1, places=2)


@st.composite
def targets(draw, kinds=tuple(Kind), **fixed):
    kind = draw(st.sampled_from(kinds))
    start = draw(st.dates(date(2023, 1, 1), date(2026, 12, 31)))
    deadline = start + timedelta(days=draw(st.integers(0, 1200)))
    sided = kind in (Kind.STRICT_BOUND, Kind.MAINTAIN, Kind.DIRECTION_ONLY)
    curved = kind not in (Kind.MAINTAIN, Kind.YEARLY_QUOTA, Kind.DIRECTION_ONLY)
    return Target(
        kind,
        start,
        deadline,
        draw(values) if kind in NEEDS_VALUE else None,
        draw(st.sampled_from(Side)) if sided else None,
        draw(st.sampled_from(["", "%", "个", "μg/m³", "亩次/年"])),
        draw(st.none() | values),
        baseline_on=draw(st.none() | st.just(start - timedelta(days=1))),
        binding=draw(st.booleans()),
        curve=draw(st.sampled_from([None, Curve.LINEAR, Curve.BACK_LOADED, Curve.S_CURVE, Curve.LEVEL])) if curved else None,
        tolerance=draw(st.decimals(0, "0.99", places=2)),
        grain=draw(st.sampled_from([Decimal(0), Decimal(1)])),
        enough=draw(shares),
        freshness=draw(st.integers(0, 800)),
        notice=draw(st.integers(0, 200)),
    )  # fmt: skip


@st.composite
def points(draw, latest=date(2029, 12, 31), whole=True):
    of = draw(st.none() | st.integers(0, 50)) if whole else None
    return Point(
        draw(st.dates(date(2022, 1, 1), latest)),
        draw(st.none() | values) if of is None else Decimal(draw(st.integers(0, of))),
        of=None if of is None else Decimal(of),
        completeness=draw(shares),
        provisional=draw(st.booleans()),
        simulated=draw(st.booleans()),
        stage=draw(st.sampled_from(["", "主体完工"])),
    )


@st.composite
def evidences(draw, latest=date(2029, 12, 31), whole=True):
    known = draw(st.lists(points(latest, whole), max_size=6, unique_by=lambda point: point.until))
    done = draw(st.none() | st.dates(date(2022, 1, 1), latest))
    return Evidence(tuple(known), done, draw(st.booleans()), draw(st.booleans()))


outlooks = st.none() | st.builds(Outlook, shares, values, values, values, shares)
