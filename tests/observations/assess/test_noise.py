"""Levels of many points against the functions of the law, hour by hour."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.observations.assess import noise
from qingshan.standards import editions as dated
from qingshan.standards import noise as law
from qingshan.standards.editions import edition

from .media import assessed, measured, slow

DAY = datetime(2025, 6, 1)  # noqa: DTZ001
SITES = {"p": {"zone": "2", "group": "g"}, "b": {"zone": "building"}, "x": {}}


def level(hour: int, value, site: str = "p", item: str = "Leq", day: datetime = DAY, **other) -> dict:
    return measured(
        site, item, value, **{"unit": "dB(A)", "period": "hour", "time": day + timedelta(hours=hour)} | other
    )


def a_day(day_level, night_level, site: str = "p", day: datetime = DAY) -> list[dict]:
    return [level(hour, day_level if 6 <= hour < 22 else night_level, site, day=day) for hour in range(24)]


@given(st.lists(st.integers(0, 1600), min_size=1, max_size=30))
def test_a_sum_of_energies_is_the_level_the_law_gives(tenths):
    levels = [Decimal(one) / 10 for one in tenths]
    exact = law.equivalent_level([(one, 1) for one in levels])
    assert noise.level(sum(map(noise.energy, levels)), len(levels)) == exact


@pytest.mark.parametrize(
    ("value", "rounded"), [("55.25", "55.2"), ("55.35", "55.4"), ("55.25000001", "55.3"), ("0", "0"), ("160", "160")]
)
def test_the_half_goes_to_the_even_digit(value, rounded):
    assert noise.level(3 * noise.energy(Decimal(value)), 3) == Decimal(rounded)


hours = st.lists(st.one_of(st.none(), st.integers(300, 900)), min_size=24, max_size=24)


@slow
@given(hours)
def test_a_day_is_that_of_the_law(tenths):
    levels = [None if one is None else Decimal(one) / 10 for one in tenths]
    found = assessed(noise.points, [level(hour, one) for hour, one in enumerate(levels)], SITES, "day").rows
    exact = law.day_and_night(levels, edition(law.ZONES, DAY.date()))
    assert [one.level for one in found] == ([] if exact.day is None and exact.night is None else [exact])


def test_a_day_is_held_against_the_limits_of_its_zone():
    rows = a_day(59, 50) + a_day(61, 51, day=DAY + timedelta(days=1)) + a_day(60, 50, day=DAY + timedelta(days=40))
    june, july = assessed(noise.points, rows, SITES, "month").rows
    assert (june.period, june.day, june.night, june.limits) == (
        "2025-06",
        noise.Share(1, 2),
        noise.Share(1, 2),
        (60, 50),
    )
    assert june.level.day == law.equivalent_level([(59, 1), (61, 1)]) and july.day.rate == 100
    (year,) = assessed(noise.points, rows, SITES).rows
    assert (year.day, year.night, year.group) == (noise.Share(2, 3), noise.Share(2, 3), "g")


def test_a_missing_hour_leaves_its_half_of_the_day_without_a_level():
    rows = [one for one in a_day(59, 49) if one["time"].hour != 3]
    (one,) = assessed(noise.points, rows, SITES, "day").rows
    assert (one.level, one.day, one.night) == (
        law.DayAndNight(Decimal(59), None, None),
        noise.Share(1, 1),
        noise.Share(0, 0),
    )


def test_day_and_night_are_those_of_the_edition_of_each_day(monkeypatch):
    one = edition(law.ZONES, DAY.date())
    later = replace(one, code="later", since=DAY.date() + timedelta(days=1), content={**one.content, "day": [7, 20]})
    known = (replace(one, until=later.since), later)
    for module in (dated, noise):
        monkeypatch.setattr(module, "editions", lambda family: known)
    rows = [
        level(hour, 60 if 7 <= hour < 20 else 50, day=DAY + timedelta(days=days))
        for days in (0, 1)
        for hour in range(24)
    ]
    before, after = assessed(noise.points, rows, SITES, "day").rows
    assert (before.level.day, before.level.night) == (law.equivalent_level([(60, 13), (50, 3)]), 50)
    assert (after.level.day, after.level.night) == (60, 50)
    assert after.level.both == law.equivalent_level([(60, 13), (60, 11)])


def test_levels_that_were_worked_out_elsewhere_are_taken_as_they_are():
    rows = [level(0, 58, item="Ld", period="day"), level(0, 51, item="Ln", period="day")]
    (one,) = assessed(noise.points, rows, SITES).rows
    assert (one.day, one.night, one.level.day) == (noise.Share(1, 1), noise.Share(0, 1), 58)


def test_a_sudden_noise_at_night_is_held_against_fifteen_above():
    rows = a_day(59, 49) + [level(23, 65, item="Lmax"), level(12, 99, item="Lmax")]
    assert assessed(noise.points, rows, SITES).rows[0].bursts == noise.Share(1, 1)
    rows = a_day(59, 49) + [level(2, 66, item="Lmax")]
    assert assessed(noise.points, rows, SITES).rows[0].bursts == noise.Share(0, 1)


def test_zones_add_up_their_points():
    rows = a_day(59, 50) + a_day(61, 50, "q")
    found = assessed(noise.points, rows, SITES | {"q": {"zone": "2", "group": "g"}}).rows
    (zone,) = noise.zones(found)
    assert (zone.zone, zone.points, zone.day, zone.night) == ("2", 2, noise.Share(1, 2), noise.Share(2, 2))


@pytest.mark.parametrize(("later", "code"), [(213, "gb12523-2011"), (214, "gb12523-2025")])  # 31 December, 1 January
def test_building_sites_are_held_against_the_edition_of_the_day(later, code):
    day = DAY + timedelta(days=later)
    rows = [
        level(10, 72, "b", day=day),
        level(11, 70, "b", day=day),
        level(23, 55, "b", day=day),
        level(23, 71, "b", "Lmax", day=day),
    ]
    (one,) = assessed(noise.building_sites, rows, SITES).rows
    assert (one.day, one.night, one.bursts, one.worst) == (noise.Share(1, 2), noise.Share(1, 1), noise.Share(0, 1), 2)
    assert one.edition.code == code


def test_the_background_is_taken_off_a_building_site():
    rows = [level(10, 71, "b"), level(10, 65, "b", "background"), level(11, 71, "b"), level(11, 69, "b", "background")]
    (one,) = assessed(noise.building_sites, rows, SITES).rows
    assert (one.day, one.not_counted) == (noise.Share(1, 1), 1)


def test_what_is_no_level_and_a_point_without_a_zone_are_told():
    rows = [level(1, 200), level(2, 50, item="Leq2"), level(3, 50, unit="lux"), level(4, 50, "x")]
    found, faults = assessed(noise.points, rows, SITES)
    assert found == [] and [(one.site, one.item, one.value) for one in faults] == [
        ("p", "Leq", "200.000000"), ("p", "Leq", "lux"), ("p", "Leq2", ""), ("x", "", ""),
    ]  # fmt: skip
