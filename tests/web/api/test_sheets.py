"""What several registers say together, by the API: the same as on the pages, refusals in both languages."""

import pytest

pytestmark = pytest.mark.django_db
INSIDE = "lon=121.05&lat=30.75"


def test_a_point_is_judged_by_its_unit_with_the_clause(ask):
    told = ask("read", f"zoning?{INSIDE}&industry=C&activity=build").json()
    assert told["verdict"] == "forbid" and told["simulated"]
    (unit,) = told["units"]
    assert (unit["key"], unit["share"], unit["verdict"]) == ("U1", 1.0, "forbid")
    assert [(one["rule"], one["clause"]) for one in unit["clauses"]] == [("不建厂", "第一条")]


def test_an_area_is_judged_by_every_unit_it_touches(ask):
    ring = [[121.05, 30.72], [121.15, 30.72], [121.15, 30.78], [121.05, 30.78], [121.05, 30.72]]
    given = {"shape": {"type": "Polygon", "coordinates": [ring]}, "industry": "C26", "activity": "build"}
    told = ask("write", "zoning", "POST", given).json()
    assert {one["key"]: round(one["share"], 2) for one in told["units"]} == {"U1": 0.5, "U2": 0.5}
    assert told["verdict"] == "forbid"


def test_an_industry_that_is_none_is_refused_in_both_languages(ask):
    answer = ask("read", f"zoning?{INSIDE}&industry=nonsense")
    (fault,) = answer.json()["faults"]
    assert answer.status_code == 422 and fault["field"] == "industry" and fault["zh"] != fault["en"]


def test_a_machine_is_told_whether_it_may_be_used_on_the_day(ask):
    (open_zone,) = ask("read", f"zoning?{INSIDE}&kind=machine&stage=2&day=2026-07-01").json()["drives"]
    (shut,) = ask("read", f"zoning?{INSIDE}&kind=machine&stage=2&day=2026-11-01").json()["drives"]
    assert (open_zone["active"], open_zone["allowed"]) == (False, True)
    assert (shut["active"], shut["allowed"], shut["basis"]) == (True, False, "通告")


def test_what_is_in_reach_comes_soonest_first_and_hides_what_is_private(ask):
    found = ask("other", "emergency?lon=121.03&lat=30.73&within=5").json()
    assert [(one["part"], one["entry"]["key"]) for one in found] == [("supplies", "S1"), ("teams", "T1")]
    assert found[0]["minutes"] <= found[1]["minutes"]
    assert "phone" not in found[1]["entry"]["data"] and found[1]["entry"]["hidden"] == ["phone"]
    assert ask("other", "emergency?lon=121.03&lat=30.73&within=500").status_code == 422


def test_a_river_is_told_with_what_lies_on_its_water(world, ask):
    assert [one["key"] for one in ask("read", "rivers").json()] == ["R1"]
    told = ask("read", f"rivers/{world.named['river']}").json()
    assert [one["key"] for one in told["outfalls"]] == ["P1"] and [one["key"] for one in told["gates"]] == ["G1"]
    assert {one["entry"]["key"] for one in told["near"]} == {"S1", "T1"}


def test_surveys_are_told_with_their_indices(ask):
    told = ask("read", "biodiversity").json()
    spring = told["surveys"][0]
    assert spring["counts"] == {"Egretta garzetta": 3, "Ardea cinerea": 1}
    assert (spring["name"], spring["species"], spring["individuals"], spring["simpson"]) == ("春季", 2, 4, "0.375")
    assert told["surveys"][-1]["name"] is None and told["surveys"][-1]["uncounted"] == 1
    assert [one["name"] for one in ask("read", "biodiversity?group=fishes").json()["surveys"]][0] == "秋季"
