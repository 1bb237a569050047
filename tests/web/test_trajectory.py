from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from qingshan.web.trajectory import LINE, draw, drawings, span

from .test_rows import target


def point(period: str, value, ends: str = "", seen: int = 12) -> dict:
    return {
        "period": period,
        "ends": ends or f"{period}-12-31",
        "value": value,
        "completeness": {"seen": seen, "of": 12},
        "share": None,
    }


def course(**given) -> dict:
    points = [point("2022", "31"), point("2023", "30"), point("2024", "29.5"), point("2025", "26.7", "2025-09-30", 9)]
    line = [{"on": "2024-01-01", "value": "30"}, {"on": "2026-12-31", "value": "28"}]
    fan = [
        {"period": "2025", "central": "27", "low": "26", "high": "28"},
        {"period": "2026", "central": "25", "low": "20", "high": "30"},
    ]
    return (
        target(
            op="<=",
            goal="28",
            points=points,
            planned_line=line,
            outlook={"level": "0.8", "fan": fan},
            marks=["official"],
        )
        | given
    )


@given(st.lists(st.decimals(-(10**6), 10**6, places=3), min_size=1, max_size=30))
def test_an_axis_holds_all_numbers_in_few_round_steps(numbers):
    low, high, step = span(numbers)
    assert low <= min(numbers) and max(numbers) <= high
    assert (high - low) / step == int((high - low) / step) <= 7
    assert low % step == 0


def test_everything_is_drawn_inside():
    for _, view in drawings(course()):
        assert all(view.left <= spot.x <= view.right and view.top - 1 <= spot.y <= view.bottom for spot in view.spots)
        assert {label.kind for label in view.labels} == {"goal", "high", "low"}


@given(st.decimals(1, 100, places=1), st.decimals(1, 100, places=1), st.decimals(1, 100, places=1))
def test_labels_never_stand_on_each_other(goal, low, high):
    assume(low <= high)
    fan = [{"period": "2026", "central": str(low), "low": str(low), "high": str(high)}]
    view = draw(course(goal=str(goal), outlook={"level": "0.8", "fan": fan}), 620, 300)
    places = sorted(label.y for label in view.labels)
    assert all(after - before >= LINE - 1 for before, after in zip(places, places[1:], strict=False))


def test_a_gap_is_drawn_as_a_gap():
    view = draw(
        course(points=[point("2018", "40"), point("2019", "39"), point("2022", "31"), point("2023", "30")]), 620, 300
    )
    assert [len(part) for part in view.actual] == [2, 2]
    assert len(view.lines) == 2


def test_a_value_that_is_missing_leaves_a_gap_too():
    view = draw(
        course(points=[point("2020", "40"), point("2021", "39"), point("2022", None), point("2023", "30")]), 620, 300
    )
    assert [len(part) for part in view.actual] == [2, 1]


def test_a_count_stands_still_between_events_without_a_gap():
    points = [point("1", "1", "2024-01-10"), point("2", "2", "2024-02-01"), point("3", "3", "2025-11-01")]
    view = draw(course(kind="cumulative_count", goal="12", points=points, outlook=None), 620, 300)
    assert [len(part) for part in view.actual] == [3]


def test_a_yearly_quota_begins_anew_each_year():
    line = [
        {"on": on, "value": value}
        for on, value in (("2024-01-01", "0"), ("2024-12-31", "80"), ("2025-03-31", "20"), ("2025-12-31", "80"))
    ]
    points = [point("2024", "81"), point("2025", "69")]
    view = draw(
        course(kind="yearly_quota", op=">=", goal="80", points=points, planned_line=line, outlook=None), 620, 300
    )
    assert view.lines == [] and len(view.stems) == 2
    places = [tuple(map(float, place.split(","))) for place in view.planned.split()]
    assert places[1][0] == places[2][0] and places[2][1] == view.bottom
    assert all(round(stem.y + stem.height, 1) == view.bottom for stem in view.stems)


def test_the_axis_counts_in_the_units_of_the_numbers_beside_it():
    plain, scaled = (
        draw(course(goal="400000", outlook=None, points=[point("2024", "150000")]), 620, 300, scale=scale)
        for scale in (1, 10_000)
    )
    assert [tick.text for tick in plain.values][-1] == "400,000" and [tick.text for tick in scaled.values][-1] == "40"


def test_an_unfinished_period_is_marked_and_the_fan_starts_at_the_last_whole_one():
    view = draw(course(), 620, 300)
    assert [spot.complete for spot in view.spots] == [True, True, True, False]
    assert view.partial
    assert view.fan.startswith(f"{view.spots[2].x},{view.spots[2].y} ")


def test_simulated_values_are_hatched():
    assert draw(course(marks=["simulated"]), 620, 300).shade
    assert not draw(course(), 620, 300).shade


def test_nothing_is_drawn_of_nothing():
    assert drawings(course(points=[])) == []
    assert drawings(course(points=[point("2024", "1")], planned_line=[])) == []


def test_counts_have_a_fan_that_ends_on_a_day():
    fan = [{"period": "2026-12-31", "central": "12", "low": "11", "high": "14"}]
    view = draw(course(goal="12", outlook={"level": "0.8", "fan": fan}), 620, 300)
    assert view.fan and view.expected


def test_years_find_room():
    long = [point(str(year), "20") for year in range(1980, 2027)]
    for _, view in drawings(course(points=long)):
        places = [tick.at for tick in view.years]
        assert all(after - before >= 30 for before, after in zip(places, places[1:], strict=False))
        assert view.years[-1].text == "2026"


def test_axis_of_a_single_value():
    low, high, _ = span([Decimal(100)])
    assert low < 100 < high
