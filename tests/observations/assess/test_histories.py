"""What pages are told of sites: periods as the evaluations give them, quarters from days, numbers for reading."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from qingshan.observations.appending import append
from qingshan.observations.assess import noise
from qingshan.observations.assess.asking import Asked
from qingshan.observations.assess.histories import histories, quarters, rain_by_month, rate, shown
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.standards.measured import Censored
from qingshan.standards.noise import equivalent_level

SITES = [
    {"code": "n-1", "medium": "noise", "zone": "2"},
    {"code": "r-1", "medium": "rain"},
    {"code": "s-1", "medium": "sea"},
]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> str:
    place = str(tmp_path_factory.mktemp("store"))
    append(Store(place), simulated(SITES, date(2025, 1, 1), date(2025, 5, 20)))
    return place


def of(store: str, medium: str, code: str, **properties):
    return histories(Asked.of(store, medium, (code,)), ((code, tuple(properties.items())),))[code]


def test_quarters_count_the_days_and_nights_of_their_months(store):
    history = of(store, "noise", "n-1", zone="2")
    first, second = quarters(history.periods["day"])
    months = [history.at("month", f"2025-0{no}") for no in (1, 2, 3)]
    assert (first.period, second.period) == ("2025-Q1", "2025-Q2")
    assert first.day == noise.Share(sum(one.day.met for one in months), sum(one.day.of for one in months))


def test_an_hour_of_the_day_is_a_mean_of_energies(store):
    history = of(store, "noise", "n-1", zone="2")
    with Asked.of(store, "noise", ("n-1",)).rows() as (connection, rows):
        levels = connection.to_pyarrow(rows.filter((rows.time.hour() == 3) & (rows.flag == "")).select("value"))
    whole = equivalent_level([(one, 1) for one in levels["value"].to_pylist()])
    assert history.hours["2025"][3] == whole and len(history.hours["2025"]) == 24


def test_months_of_rain_add_up_their_days(store):
    history = of(store, "rain", "r-1")
    total, n = rain_by_month(history)["2025-03"]
    march = [depth for day, depth in history.days if f"{day:%Y-%m}" == "2025-03"]
    assert (total, n) == (sum(march).quantize(Decimal("0.1")), len(march))


def test_what_a_site_lacks_is_told(store):
    history = of(store, "noise", "n-1")
    assert history.periods["day"] == [] and "功能区" in history.faults[0].zh
    assert of(store, "sea", "s-1").rows["2025"] == (12, 12)


@pytest.mark.parametrize(
    ("value", "bars", "words"),
    [
        (None, [1], ""),
        (Fraction(15, 100), [Decimal("0.5")], "0.15"),
        (Fraction(2, 10_000), [Decimal("0.01")], "0.0002"),
        (Fraction(1, 3), [Decimal("0.5"), 2], "0.33"),
        (Fraction(1, 3000), [Decimal("0.01")], "0.00033"),
        (Fraction(1000, 3), [450], "333.3"),
        (Censored(Decimal("0.0040")), [], "< 0.004"),
    ],
)
def test_results_are_told_as_measured_and_means_to_the_limits_decimals(value, bars, words):
    assert shown(value, bars) == words


def test_a_share_has_one_decimal():
    assert (rate(Fraction(200, 3)), rate(None)) == (Decimal("66.7"), None)
