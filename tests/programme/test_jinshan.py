"""The Jinshan programme: clean, whole, honest about what is simulated, and in agreement with the issued document."""

import csv
import json
from datetime import date
from decimal import Decimal

import pytest
import yaml

from qingshan.cycle import reproduce, run_cycle
from qingshan.programme.check import inspect
from qingshan.programme.counts import count
from tests.programme.folder import JINSHAN
from tests.shared import shared


@pytest.fixture(scope="module")
def programme():
    found, problems = inspect(JINSHAN)
    assert problems == []
    return found


@pytest.fixture(scope="module")
def truth():
    return yaml.safe_load(shared("plans/jinshan-2024-2026.truth.yaml").read_text("utf8"))


def test_counts(programme):
    told = count(programme)
    assert (told.themes, told.tasks, told.targets, told.bodies) == (8, 24, 27, 30)
    assert (told.targets_real, told.targets_without_data) == (1, 4)
    assert told.targets_real + told.targets_simulated + told.targets_without_data == 27


def test_every_kind_of_target_occurs(programme):
    assert len({t.kind for t in programme.official}) == 9


def test_every_task_has_a_measure_and_a_target(programme):
    judged = {n for t in programme.targets for n in t.tasks}
    assert judged == set(range(1, 25))
    assert all(task.measures for task in programme.tasks)


def test_only_air_quality_is_real(programme):
    real = {s.code for s in programme.series if s.origin != "simulated" and s.code in programme.series_with_rows}
    assert real == {"pm25-monthly", "good-air-days-monthly", "no2-monthly", "so2-monthly"}


def test_what_the_office_set_is_marked_as_illustrative(programme):
    assert all(t.illustrative for t in programme.working) and not any(t.illustrative for t in programme.official)


def test_no_baseline_is_claimed(programme):
    assert all(t.baseline is None for t in programme.targets)


def test_the_months_of_pm25_are_whole_and_named_with_their_report(programme):
    rows = [f for f in programme.figures if f.series == "pm25-monthly"]
    months = [f"{year}-{month:02d}" for year in range(2014, 2026) for month in range(1, 13)][6:-3]
    assert [f.period for f in rows] == months
    assert {f.source for f in rows} - {f"aq-{month}" for month in months} == {"aq-list"}
    assert max(f.published for f in rows) == date(2025, 10, 21) < programme.head.demonstration.as_of


def test_the_years_of_pm25(programme):
    def mean(year):
        values = [f.value for f in programme.figures if f.series == "pm25-monthly" and f.period.startswith(year)]
        return round(sum(values) / len(values), 1)

    assert [mean(y) for y in ("2021", "2022", "2023", "2024", "2025")] == [
        Decimal(v) for v in ("28.8", "26.9", "30.0", "29.9", "26.7")
    ]


def test_the_start_of_the_pm25_line_is_the_mean_of_2023(programme):
    (target,) = [t for t in programme.targets if t.code == "pm25"]
    months = [f.value for f in programme.figures if f.series == "pm25-monthly" and f.period.startswith("2023")]
    assert target.start.value == sum(months) / 12 and target.binding is False


def test_each_liaison_has_a_body_and_each_body_a_liaison(programme):
    accounts = programme.head.demonstration.accounts
    assert sorted(a.body for a in accounts if a.role == "liaison") == sorted(b.code for b in programme.bodies)


def test_titles_and_facts_agree_with_the_document(programme, truth):
    head = programme.head
    assert (head.title.zh, head.number, head.issuer) == (truth["title"], truth["number"], truth["issuer"])
    assert (head.issued.isoformat(), head.period) == (truth["issued"], truth["period"])
    assert [t.title.zh for t in programme.themes] == truth["themes"]
    themes = {t.no: t.title.zh for t in programme.themes}
    assert [(t.no, t.title.zh, themes[t.theme]) for t in programme.tasks] == [
        (t["no"], t["title"], t["theme"]) for t in truth["tasks"]
    ]


def test_bodies_agree_with_the_document_in_its_order(programme, truth):
    printed = {code: body.name for code, body in programme.body_by_code.items()}
    for task, true in zip(programme.tasks, truth["tasks"], strict=True):
        assert [printed[code] for code in task.bodies] == true["departments"]


def test_targets_agree_with_the_document(programme, truth):
    def key(t):
        value = None if t["value"] is None else Decimal(str(t["value"]))
        return (
            t["scope"],
            t["metric"],
            t["op"],
            value,
            t["unit"],
            t["by"],
            t.get("implied", False),
            t.get("note") != "力争",
        )

    added = [t for t in truth["borderline_targets"] if (t["scope"], t["unit"]) in [(2, "MW"), (8, "t/a")]]
    ours = [(t.scope, t.name.zh, t.op, t.value, t.unit, t.by, t.implied, t.binding) for t in programme.official]
    assert ours == [key(t) for t in truth["targets"] + added]


def test_air_figures_agree_with_the_published_table(programme):
    columns = {"pm25-monthly": "pm25_ugm3", "good-air-days-monthly": "good_days_pct", "no2-monthly": "no2_ugm3", "so2-monthly": "so2_ugm3"}  # fmt: skip
    with shared("data/air/shanghai_districts_monthly_2014-07_2025-09.csv").open(encoding="utf8") as table:
        rows = [r for r in csv.DictReader(table) if r["district"] == "Jinshan"]
    published = {
        (series, f"{r['year']}-{int(r['month']):02d}"): Decimal(r[column])
        for r in rows for series, column in columns.items() if r[column]
    }  # fmt: skip
    assert {(f.series, f.period): f.value for f in programme.figures if f.series in columns} == published


def test_no_sentence_of_the_document_is_copied(programme):
    text = "".join(shared("plans/jinshan-2024-2026.txt").read_text("utf8").split())
    ours = [task.summary.zh for task in programme.tasks] + [
        m.title.zh for task in programme.tasks for m in task.measures
    ]
    clauses = [clause for text_ in ours for clause in text_.replace("；", "。").replace("，", "。").split("。")]
    assert [c for c in clauses if len(c) > 12 and c.replace(" ", "") in text] == []


@pytest.mark.django_db
def test_the_published_means_of_pm25_are_judged(loaded_jinshan):
    run = run_cycle(programme=loaded_jinshan, as_of=date(2025, 10, 31))
    (pm25,) = (one for one in json.loads(run.record)["targets"] if one["code"] == "pm25")
    means = {one["period"]: (one["value"], one["completeness"]) for one in pm25["points"]}
    assert means["2024"] == ("29.9", {"seen": 12, "of": 12})
    assert means["2025"] == ("26.7", {"seen": 9, "of": 12})
    assert (pm25["actual_on"], pm25["goal"], pm25["marks"]) == ("2025-09-30", "28", ["official"])
    assert pm25["outlook"]["year"] == 2026 and reproduce(run) == run.record
