"""A second, invented programme of another shape, beside the first in one database: no code knows either."""

import json
import re
from datetime import date

import pytest
from django.urls import reverse

from qingshan.cycle import reproduce, run_cycle
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.reports.models import Schedule
from qingshan.people.models import Body
from qingshan.people.queries import broken_audit_line
from qingshan.plan.queries import standing_edition
from qingshan.programme.check import inspect
from qingshan.programme.loading import load
from tests.district import RIVERMOUTH, SAMPLE
from tests.programme.folder import line_of
from tests.web.conftest import enter, plain  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 30)


def told(run) -> dict:
    return json.loads(run.record)


def statuses(run, part: str, key: str) -> dict:
    return {one[key]: one["status"] for one in told(run)[part]}


@pytest.fixture(scope="module")
def found():
    programme, problems = inspect(RIVERMOUTH)
    assert problems == []
    return programme


@pytest.fixture
def city(db):
    return load(RIVERMOUTH)


@pytest.fixture
def county(db):
    return load(SAMPLE)


def test_it_is_of_another_shape(found):
    head = found.head
    assert (head.language, head.invented, head.jurisdiction.level) == ("en", True, "city")
    assert (head.starts.month, head.ends.month) == (4, 3)
    assert {str(one.no) for one in found.tasks} > {"1", "1.1", "2.2", "4"}
    assert {one.geometry for one in found.registers} == {"line", "point", "polygon"}
    assert any(one.references for one in found.registers)
    assert {one.kind for one in found.targets} == {
        "upper_bound", "lower_bound", "strict_bound", "maintain", "cumulative_count", "yearly_quota", "full_coverage",
        "dated_milestone", "direction_only",
    }  # fmt: skip


def test_it_says_everywhere_that_it_is_invented(found):
    head = found.head
    for words in (head.title, head.jurisdiction.name):
        assert "虚构" in words.zh and "invented" in words.en
    assert {one.kind for one in found.sources} == {"simulated"}
    assert {one.origin for one in found.series} == {"simulated"}


def test_its_cycle_is_right(city):
    run = run_cycle(programme=city, as_of=DAY)
    targets = {one["code"]: one for one in told(run)["targets"]}
    rows = Entry.objects.filter(programme=city)
    passable = rows.filter(register="weirs", state="passable").count()
    assert rows.filter(register="weirs").count() == 16 and passable == 5
    assert targets["weirs"]["points"][-1]["share"] == {"part": "5", "whole": "16"}
    assert targets["spills"]["actual"] == "70" and targets["spills"]["status"] == "on_track"
    assert targets["bylaw"]["actual"] == "80" and targets["trees"]["actual"] == "3610"
    assert targets["quay-no2"]["points"][-1] | {"ends": 0, "share": 0} == {
        "period": "2026", "ends": 0, "value": "24.7", "completeness": {"seen": 3, "of": 4}, "share": 0,
    }  # fmt: skip
    signed = sum(float(one.data["length"]) for one in rows.filter(register="reaches", state="signed-off"))
    assert float(targets["reaches"]["actual"]) == pytest.approx(signed)
    assert all("simulated" in one["marks"] for one in targets.values())
    assert reproduce(run) == run.record and broken_audit_line() is None


def test_what_judges_a_part_judges_the_whole(city):
    run = run_cycle(programme=city, as_of=DAY)
    judged = {one["no"]: one for one in told(run)["tasks"]}
    targets = statuses(run, "targets", "code")
    assert (targets["weirs"], targets["rain-gardens"], targets["reaches"]) == ("off_track", "at_risk", "on_track")
    assert [judged[no]["status"] for no in ("1.1", "1.2", "1.3", "1")] == [
        "on_track",
        "off_track",
        "at_risk",
        "off_track",
    ]
    assert judged["1"]["because"] == ["weirs"] and judged["2"]["because"] == ["spills", "bathing", "overflows", "bylaw"]


def test_a_plan_of_one_level_is_judged_as_before(county):
    run = run_cycle(programme=county, as_of=date(2026, 7, 31))
    for one in told(run)["tasks"]:
        own = [t["code"] for t in told(run)["targets"] if t["scope"] == one["no"] or one["no"] in t["supports"]]
        assert set(one["because"]) | set(one["silent"]) <= set(own)


def test_its_document_is_in_english_and_its_bodies_are_found_by_their_printed_names(city):
    task = standing_edition(city).tasks.get(no="1.1")
    assert [one.printed for one in task.involvements.all()] == [
        "River Trust",
        "North Bank Borough",
        "South Bank Borough",
        "University Laboratory",
    ]
    assert all(one.body for one in task.involvements.all()) and task.theme.title_en == "The river"


def test_its_rounds_are_due_by_its_own_calendar(city):
    kinds = json.dumps(Schedule.objects.get(programme=city).kinds)
    assert '"IE"' in kinds and '"CN"' not in kinds


def test_loading_it_again_writes_nothing(city):
    lines = city.jurisdiction.auditline_set.count()
    assert load(RIVERMOUTH) == city and city.jurisdiction.auditline_set.count() == lines > 0


def test_one_beside_the_other_is_judged_as_if_alone(city):
    alone = told(run_cycle(programme=city, as_of=DAY))
    other = load(SAMPLE)
    run_cycle(programme=other, as_of=DAY)
    beside = told(run_cycle(programme=city, as_of=DAY))
    assert alone | {"cutoff": 0} == beside | {"cutoff": 0}
    assert not Body.objects.filter(
        jurisdiction=city.jurisdiction, code__in=other.jurisdiction.bodies.values("code")
    ).exists()


def words_of(folder) -> set[str]:
    """Names that stand in one programme's folder alone."""
    found, _ = inspect(folder)
    named = [
        found.head.title,
        found.head.jurisdiction.name,
        *(one.title for one in found.tasks),
        *(one.name for one in found.targets),
    ]
    return (
        {one for name in named for one in (name.zh, name.en)}
        | {one.name for one in found.bodies}
        | {one.en for one in found.bodies}
    )


PAGES = ("overview", "targets", "tasks", "bodies", "runs", "plans", "registers")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_of_one_shows_in_the_other(city, county, enter, language):  # noqa: F811
    for programme in (city, county):
        run_cycle(programme=programme, as_of=DAY)
    mine, others = words_of(RIVERMOUTH), words_of(SAMPLE)
    client = enter("office", city, language)
    addresses = [reverse(name, args=[city.code]) for name in PAGES]
    addresses += [reverse("task", args=[city.code, no]) for no in ("1", "1.1", "4")]
    addresses += [
        reverse("target", args=[city.code, "weirs"]),
        reverse("body", args=[city.code, "river-trust"]),
        reverse("audit"),
    ]
    for address in addresses:
        page = client.get(address, follow=True).content.decode()
        assert not [one for one in others - mine if len(one) > 3 and one in page], address
    title = "Living River Plan" if language == "en" else "河口市活力河流计划"
    assert title in client.get(addresses[0]).content.decode()
    for name in PAGES:
        assert client.get(reverse(name, args=[county.code])).status_code == 404


def test_its_pages_open_in_english_until_the_reader_switches(city, client):
    from tests.web.conftest import person

    user = person("office", city.jurisdiction)
    client.force_login(user)
    address = reverse("overview", args=[city.code])
    assert client.get(address).headers["Content-Language"] == "en"
    client.cookies["django_language"] = "zh-hans"
    assert client.get(address).headers["Content-Language"] == "zh-hans"


def test_pages_of_a_chinese_programme_open_in_chinese(county, client):
    from tests.web.conftest import person

    client.force_login(person("office", county.jurisdiction))
    assert client.get(reverse("overview", args=[county.code])).headers["Content-Language"] == "zh-hans"


def test_a_task_shows_its_parts_and_a_part_its_whole(city, enter):  # noqa: F811
    run_cycle(programme=city, as_of=DAY)
    client = enter("office", city, "en")
    whole = client.get(reverse("task", args=[city.code, "1"])).content.decode()
    assert all(f'href="{reverse("task", args=[city.code, no])}"' in whole for no in ("1.1", "1.2", "1.3"))
    assert "Parts of this task" in whole and "The bodies stand with its parts." in whole
    part = client.get(reverse("task", args=[city.code, "1.2"])).content.decode()
    assert f'href="{reverse("task", args=[city.code, "1"])}"' in part
    overview = client.get(reverse("overview", args=[city.code])).content.decode()
    assert re.search(r"4 tasks\s+and 7 parts of them", overview) and "invented place and plan" in overview


@pytest.fixture
def folder(tmp_path):
    from shutil import copytree

    return copytree(RIVERMOUTH, tmp_path / "rivermouth")


@pytest.mark.parametrize(
    ("old", "new", "at", "sentence"),
    [
        ("- no: 2.1\n", "- no: 5.1\n", "- no: 5.1", "5.1 是分项任务，却没有任务 5"),
        ("- no: 2.2\n", "- no: 2.2\n  theme: 1\n", "- no: 2.2\n  theme: 1", "专题随任务 2"),
        ("- no: 4\n", "- no: '4'\n", "- no: '4'", "应为任务序号"),
        ("  theme: 3\n", "", "- no: 4\n", "任务 4 缺少专题"),
    ],
)
def test_a_level_that_is_wrong_is_told_at_its_line(folder, old, new, at, sentence):
    text = (folder / "plan.yaml").read_text("utf8")
    assert text.count(old) == 1
    (folder / "plan.yaml").write_text(text.replace(old, new), "utf8")
    _, problems = inspect(folder)
    line = line_of(folder, "plan.yaml", at.split("\n")[0] + "\n")
    assert any(sentence in one.zh and one.file == "plan.yaml" and abs(one.line - line) <= 1 for one in problems), (
        problems
    )
