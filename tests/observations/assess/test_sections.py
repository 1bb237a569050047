"""What a section's page tells, against the functions of the law applied to the same samples."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest

from qingshan.observations.appending import append
from qingshan.observations.assess.asking import Asked
from qingshan.observations.assess.sections import editions_of, limit_of, sections, unit
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.standards import water as law

from ..sample import batch, row

BODIES = (("l", "lake"), ("r", "river"))
SITES = [{"code": code, "medium": "water", "body": body} for code, body in BODIES]


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    return simulated(SITES, date(2025, 1, 1), date(2025, 4, 1))


@pytest.fixture(scope="module")
def found(rows, tmp_path_factory):
    place = str(tmp_path_factory.mktemp("store"))
    append(Store(place), rows)
    return sections(Asked.of(place, "water", ("l", "r")), BODIES)


def means(rows, site: str, months: set[int]) -> dict[str, Fraction]:
    values: dict[str, dict[int, list]] = {}
    for one in rows.to_pylist():
        usable = one["site"] == site and one["time"].month in months and one["value"] is not None
        if usable and one["item"] not in ("temp", "tn"):
            of_month = values.setdefault(one["item"], {}).setdefault(one["time"].month, [])
            of_month.append(Fraction(one["value"]) / (2 if one["below"] else 1))
    monthly = {item: [sum(one) / len(one) for one in each.values()] for item, each in values.items()}
    return {item: sum(each) / len(each) for item, each in monthly.items()}


@pytest.mark.parametrize(("site", "body"), BODIES)
@pytest.mark.parametrize(("since", "until"), [("2025-02", "2025-02"), ("2025-01", "2025-03")])
def test_a_period_has_the_class_of_the_means_of_its_months(found, rows, site, body, since, until):
    judged = law.section(means(rows, site, set(range(int(since[5:]), int(until[5:]) + 1))), body, date(2025, 3, 31))
    period = found[site].period(since, until)
    assert (period.section.no, period.section.deciders) == (judged.no, period.section.deciders)
    assert set(period.section.deciders) == set(judged.deciders)
    assert period.multiples == {one.item: one.multiple for one in judged.items}
    times = {
        one["time"] for one in rows.to_pylist() if one["site"] == site and since <= f"{one['time']:%Y-%m}" <= until
    }
    assert period.samples == len(times)


def test_the_kind_of_water_body_decides_the_limit_of_phosphorus(found):
    assert (limit_of("tp", "lake"), limit_of("tp", "river")) == (("le", Decimal("0.05")), ("le", Decimal("0.2")))
    assert limit_of("tn", "river") is None and limit_of("temp", "lake") is None and limit_of("ph", "river")[1] == [6, 9]
    assert (unit("tp"), unit("temp"), unit("ph")) == ("mg/L", "℃", "")


def test_samples_keep_what_was_measured(found):
    sample = found["r"].samples["do"][0]
    assert sample.time.year == 2025 and sample.value > 0 and not sample.below
    assert found["r"].months == ["2025-01", "2025-02", "2025-03"] and found["r"].years == [2025]


def test_half_the_detection_limit_enters_and_a_faulty_value_does_not(tmp_path):
    told = {"medium": "water", "item": "nh3n", "period": "sample", "unit": "mg/L", "site": "r"}
    append(
        Store(tmp_path),
        batch([row(0, "0.05", below=True, **told), row(24, "0.35", **told), row(48, "9", flag="fault", **told)]),
    )
    one = sections(Asked.of(str(tmp_path), "water", ("r",)), (("r", "river"),))["r"]
    assert one.period("2025-01", "2025-01").values == {"nh3n": Decimal("0.19")}
    assert [sample.value for sample in one.samples["nh3n"]] == [Decimal("0.05"), Decimal("0.35"), None]
    assert one.flags == {2025: {"fault": 1}}
    assert one.period("2025-02", "2025-03") is None


def test_its_editions_are_those_of_the_day():
    assert [one["code"] for one in editions_of(date(2025, 3, 31))] == ["gb3838-2002", "hb22-2011"]
