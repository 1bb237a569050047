"""Measurements coming in by the API: a file tried and taken in, an unknown one mapped, values under a flag judged."""

import io
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from qingshan.evidence.measurements import actions
from qingshan.evidence.measurements.models import Delivery
from qingshan.observations import quality
from qingshan.observations.appending import append
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.people.models import AuditLine

from .conftest import SITES

pytestmark = pytest.mark.django_db
DELIVERIES = "measurements/deliveries"
FINE = (
    "site,time,PM25\n县城空气站,2025-01-02 08:00,20\n县城空气站,2025-01-02 09:00,400\n县城空气站,2025-01-02 10:00,30\n"
)
FAULTY = FINE + "县城空气站,2025-01-02 11:00,很多\n"


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path, measured):
    settings.OBSERVATIONS = str(tmp_path / "observations")


@pytest.fixture
def tried(ask):
    """Send a file and let it be tried: its address."""

    def send(content: str, person: str = "liaison", **fields) -> str:
        answer = ask(person, DELIVERIES, "POST", fields, file=("月报.csv", content.encode()))
        assert answer.status_code == 202 and answer.json()["state"] == "checking"
        worked(answer.json()["number"])
        return f"{DELIVERIES}/{answer.json()['number']}"

    return send


def worked(number: int) -> None:
    actions.work(by=None, delivery=Delivery.objects.get(pk=number))


def taken(ask, place: str, **how):
    answer = ask("liaison", f"{place}/take", "POST", how)
    assert answer.status_code == 202 and answer.json()["state"] == "keeping"
    worked(answer.json()["number"])
    return ask("liaison", place).json()


def trail(count: int) -> list[tuple[str, str]]:
    """(verb, by) of the newest lines, the oldest of them first."""
    return [(one.verb, one.by) for one in AuditLine.objects.order_by("-id")[:count]][::-1]


def test_a_file_is_tried_and_nothing_is_kept_until_its_sender_takes_it_in(ask, tried, settings):
    place = tried(FINE)
    told = ask("office", place).json()
    outcome = told["outcome"]
    assert told["state"] == "ready" and told["faults"] == [] and outcome["source"] == told["source"]
    assert (outcome["new"], outcome["lines"], outcome["sites"], outcome["since"]) == (3, 3, 1, "2025-01-02")
    assert Store(settings.OBSERVATIONS).snapshot().version == -1
    assert ask("office", f"{place}/take", "POST", {}).status_code == 403
    assert taken(ask, place)["state"] == "kept" and Store(settings.OBSERVATIONS).snapshot().version == 0
    assert trail(2) == [("send_measurements", "liaison"), ("import_measurements", "liaison")]
    assert ask("liaison", f"{place}/take", "POST", {}).status_code == 409
    assert [one["number"] for one in ask("read", DELIVERIES).json()][0] == told["number"]
    rows = ask("read", "sites/sample-air/rows?since=2025-01-02&until=2025-01-02").json()
    assert sorted(one["value"] for one in rows["rows"]) == ["20", "30", "400"]


def test_a_fault_is_told_at_its_line_and_column_and_the_sound_lines_can_be_taken(ask, tried):
    place = tried(FAULTY)
    told = ask("liaison", place).json()
    (fault,) = told["faults"]
    assert told["state"] == "faulty" and (fault["line"], fault["column"], fault["cell"]) == (5, "PM25", "很多")
    assert "应为数字" in fault["zh"] and fault["en"]
    assert ask("liaison", f"{place}/take", "POST", {}).status_code == 409
    done = taken(ask, place, partly=True)
    assert (done["state"], done["partly"], done["outcome"]["new"], done["outcome"]["bad"]) == ("kept", True, 3, 1)


def test_how_far_a_file_is_is_never_answered_from_memory(ask, tried):
    place = tried(FINE)
    first = ask("liaison", place)
    Delivery.objects.update(state="failed")
    again = ask("liaison", place, **{"If-None-Match": first.get("ETag", "")})
    assert again.status_code == 200 and again.json()["state"] == "failed"


def test_what_enters_the_store_without_the_pages_is_answered_too(ask, tried, settings):
    """The command line writes no line into the audit trail."""
    asked = ["sites/sample-air/rows?item=PM25", "measurements/flagged?medium=air"]
    first = [ask("read", one)["ETag"] for one in asked]
    append(Store(settings.OBSERVATIONS), simulated(SITES[:1], date(2026, 6, 1), date(2026, 6, 2)))
    for one, tag in zip(asked, first, strict=True):
        answer = ask("read", one, **{"If-None-Match": tag})
        assert answer.status_code == 200, one
        assert ask("read", one, **{"If-None-Match": answer["ETag"]}).status_code == 304


def test_times_are_local_to_the_site_and_instants_tell_their_zone(ask, tried):
    taken(ask, tried(FINE))
    row = ask("read", "sites/sample-air/rows?since=2025-01-02&until=2025-01-02").json()["rows"][0]
    origin = ask("read", "sites/sample-air/origins").json()[0]
    for local in (row["time"], origin["first"], origin["last"]):
        assert local.startswith("2025-01-02T") and len(local) == len("2025-01-02T08:00:00")
    for instant in (row["received_at"], origin["received"]):
        assert abs(datetime.fromisoformat(instant) - timezone.now()) < timedelta(minutes=5)


def test_while_it_is_worked_on_it_says_how_far(ask):
    number = ask("liaison", DELIVERIES, "POST", file=("月报.csv", FINE.encode())).json()["number"]
    actions.progress_path(Delivery.objects.get(pk=number)).write_text("checking 1000 50000")
    told = ask("liaison", f"{DELIVERIES}/{number}").json()
    assert (told["cells_done"], told["cells"], told["outcome"]) == (1000, 50000, None)


def test_a_file_that_is_too_large_is_refused_with_the_two_numbers(ask, monkeypatch):
    monkeypatch.setattr("qingshan.web.api.measurements.deliveries.MOST_BYTES", 10)
    answer = ask("liaison", DELIVERIES, "POST", file=("月报.csv", FINE.encode()))
    assert answer.status_code == 409 and "上限" in answer.json()["zh"] and "MB" in answer.json()["en"]


def test_an_unknown_file_is_mapped_and_files_alike_are_known_from_then_on(ask, tried):
    unknown = "监测月报,,\n断面,采样日期,总磷(ug/L)\n北河桥断面,2025-01-02,100\n"
    place = tried(unknown)
    assert ask("liaison", place).json()["state"] == "unknown"
    proposed = ask("liaison", f"{place}/mapping").json()
    assert (proposed["medium"], proposed["heading"]) == ("water", 2)
    assert [(one["role"], one["unit"]) for one in proposed["columns"]] == [
        ("site", ""),
        ("time", ""),
        ("item:tp", "ug/L"),
    ]
    names = {one["role"]: one["name"] for one in proposed["roles"]}
    assert names["site"]["zh"] == "点位" and names["site"]["en"] != "点位" and names["item:tp"]["zh"].startswith("总磷")
    sent = {name: proposed[name] for name in ("medium", "heading")} | {
        "name": "某局月报", "period": "sample",
        "columns": [{name: one[name] for name in ("number", "role", "unit")} for one in proposed["columns"]],
    }  # fmt: skip
    untimed = sent | {"columns": sent["columns"][::2]}
    refused = ask("liaison", f"{place}/mapping", "POST", untimed)
    assert refused.status_code == 409 and "哪一列是时间" in refused.json()["zh"]
    strange = sent | {"columns": [*sent["columns"], {"number": 77, "role": "item:cheese"}]}
    refused = ask("liaison", f"{place}/mapping", "POST", strange)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["faults"]] == ["columns.3.number", "columns.3.role"]
    kept = ask("liaison", f"{place}/mapping", "POST", sent)
    assert kept.status_code == 202 and trail(1) == [("keep_mapping", "liaison")]
    worked(kept.json()["number"])
    assert ask("liaison", place).json()["state"] == "ready"
    assert ask("liaison", tried(unknown)).json()["state"] == "ready"
    (mine,) = [one for one in ask("read", "measurements/sources").json() if one["kept"]]
    assert mine["name"]["zh"] == "某局月报" and mine["code"] == kept.json()["source"]


def test_an_unknown_source_is_refused_at_once_with_those_there_are(ask):
    before = ask("read", DELIVERIES).json()
    answer = ask("liaison", DELIVERIES, "POST", {"source": "made-up"}, file=("数据.csv", FINE.encode()))
    assert (
        answer.status_code == 409
        and "没有来源“made-up”，可用：" in answer.json()["zh"]
        and "wide-air" in answer.json()["en"]
    )
    assert ask("read", DELIVERIES).json() == before


def test_a_file_without_cells_is_no_heading_to_map(ask, tried):
    answer = ask("liaison", f"{tried('')}/mapping")
    assert answer.status_code == 422 and answer.json()["zh"] and answer.json()["en"]


def test_sources_and_templates_are_of_the_media_the_programme_has(ask):
    media = {one["medium"] for one in ask("read", "measurements/sources").json()}
    assert "air" in media and "sea" not in media
    book = load_workbook(io.BytesIO(ask("read", "measurements/templates/water.xlsx").content))
    assert book["说明"]["C2"].value == "北河桥断面"
    assert ask("read", "measurements/templates/sea.xlsx").status_code == 404


@pytest.fixture
def marked(ask, tried, settings):
    """A value under a flag."""
    taken(ask, tried(FINE))
    found = quality.look(Store(settings.OBSERVATIONS), "air", quality.rules_on(date(2026, 6, 1)))
    quality.write(Store(settings.OBSERVATIONS), found)


def test_a_flagged_value_is_judged_with_its_reason_on_record(ask, marked):
    told = ask("read", "measurements/flagged?medium=air").json()
    (one,) = told["values"]
    assert (told["total"], one["value"], one["before"], one["after"], one["flag"]) == (1, "400", "20", "30", "spike")
    assert one["flagged_by"] == "rule:spike/2026-01" and one["time"] == "2025-01-02T09:00:00"
    key = {name: one[name] for name in ("site", "item", "period", "time", "flag")}
    verdict = {"medium": "air", "verdict": "rejected", "why": " ", "values": [key]}
    refused = ask("office", "measurements/verdicts", "POST", verdict)
    assert refused.status_code == 409 and "理由" in refused.json()["zh"]
    done = ask("office", "measurements/verdicts", "POST", verdict | {"why": "烟花"})
    assert done.status_code == 200 and done.json() == {"judged": 1} and trail(1) == [("review_measurements", "office")]
    assert ask("read", "measurements/flagged?medium=air").json() == {"total": 0, "values": []}
    again = ask("office", "measurements/verdicts", "POST", verdict | {"why": "再来"})
    assert again.status_code == 409 and "已经变了" in again.json()["zh"]
    (said,) = ask("read", "measurements/verdicts").json()
    assert (said["verdict"], said["why"], said["by"]) == ("rejected", "烟花", "office")
    assert said["values"][0] | {"was": "spike"} == said["values"][0] and said["values"][0]["site"] == "sample-air"


def test_flagged_values_are_narrowed_by_site_and_flag(ask, marked):
    asked = "measurements/flagged?medium=air"
    assert ask("read", f"{asked}&flag=stuck").json()["total"] == 0
    assert ask("read", f"{asked}&site=sample-air&flag=spike").json()["total"] == 1
    assert ask("read", f"{asked}&site=elsewhere").json()["total"] == 0
    assert ask("read", "measurements/flagged?medium=water").json()["total"] == 0


@pytest.mark.parametrize("time", ["2025-01-02T09:00:00+08:00", 1735808400])
def test_a_value_is_named_by_its_local_time(ask, time):
    key = {"site": "sample-air", "item": "PM25", "period": "hour", "time": time, "flag": "spike"}
    verdict = {"medium": "air", "verdict": "rejected", "why": "烟花", "values": [key]}
    assert ask("office", "measurements/verdicts", "POST", verdict).status_code == 422
