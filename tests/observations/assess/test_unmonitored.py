"""What a monitoring plan leaves out: how it is written, on which days, of a site and of a district."""

from datetime import date

import pytest

from qingshan.observations.assess.unmonitored import Left, NoPlan, left_out, of_district, of_sites, plan, plans, spare

SPRING, END = date(2026, 3, 1), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()), ("CO", (Left("CO"),)), ("CO、PM2.5", (Left("CO"), Left("PM25"))), (" SO2 ; NO2，CO ", (Left("SO2"), Left("NO2"), Left("CO"))),
        ("CO 2026-03-01/2027-12-31", (Left("CO", SPRING, END),)), ("CO 2026-03-01/, PM10 /2027-12-31", (Left("CO", SPRING), Left("PM10", None, END))),
    ],
)  # fmt: skip
def test_a_plan_is_read(text, found):
    assert plan(text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [("NH3", "“NH3”应为 SO2"), ("CO NO2", "“CO NO2”应为 SO2"), ("CO 2026-3/2027", "日期应写作 2026-03-01"), ("CO 2027-01-01/2026-01-01", "晚于截止日")],
)  # fmt: skip
def test_what_of_a_plan_cannot_be_read_is_said(text, words):
    with pytest.raises(NoPlan) as refused:
        plan(text)
    assert words in refused.value.zh and refused.value.en


def test_a_span_holds_from_its_first_to_its_last_day():
    some = [plan("CO 2026-03-01/2027-12-31、SO2")]
    assert left_out(some, date(2026, 2, 28)) == left_out(some, date(2028, 1, 1)) == {"SO2"}
    assert left_out(some, SPRING) == left_out(some, END) == {"CO", "SO2"}


def test_a_district_goes_without_what_all_its_sites_leave_out():
    known = plans(
        [{"code": "a", "unmonitored": "CO、SO2"}, {"code": "b", "unmonitored": "CO 2026-03-01/"}, {"code": "c"}]
    )
    assert [site for site, _plan in known] == ["a", "b"] and set(of_sites(known)) == {"a", "b"}
    together = of_district("D", ["a", "b"], known)["D"]
    assert (left_out(together, date(2026, 2, 28)), left_out(together, SPRING)) == (frozenset(), {"CO"})
    assert of_district("D", ["a", "b", "c"], known) == of_district("D", [], known) == {}


def test_where_nothing_is_left_out_the_days_are_not_asked_for():
    def days():
        raise AssertionError("worked out for nothing")
        yield

    found = [{"site": "a", "day": SPRING}]
    assert spare(found, days(), (), {}, dict) == found
