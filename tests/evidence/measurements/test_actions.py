"""Files of measurements on their way in: tried, taken in whole with their line in the trail, and values judged by people."""

import os
import time
from datetime import datetime

import pytest

from qingshan.evidence.measurements import actions, queries
from qingshan.evidence.measurements.models import Delivery, KeptMapping
from qingshan.observations.engines import engine, observations
from qingshan.observations.store import Store
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine, Body, Role, User
from qingshan.people.queries import broken_audit_line
from qingshan.plan.actions import Refused

from ...district import person, programme

pytestmark = pytest.mark.django_db
SITES = [
    {"code": "a-1", "medium": "air", "body": None, "name": "站甲", "name_en": "Station A", "lon": "121.1", "lat": "30.8", "simulated": False},
    {"code": "w-1", "medium": "water", "body": None, "name": "断面乙", "name_en": "Section B", "lon": "121.2", "lat": "30.8", "simulated": False},
]  # fmt: skip
FINE = "site,time,PM25,PM10\n站甲,2025-01-02 08:00,400,500\n站甲,2025-01-02 09:00,20,30\n"


@pytest.fixture
def county(settings, tmp_path):
    settings.OBSERVATIONS, settings.MEDIA_ROOT = str(tmp_path / "observations"), tmp_path / "files"
    made = programme()
    made.about = {"sites": SITES, "monitoring": "water"}
    made.save()
    return made


@pytest.fixture
def office(county):
    return person(Role.OFFICE)


def sent(by, county, text=FINE, name="月报.csv", **other) -> Delivery:
    """A file that was sent and tried."""
    found = actions.send(by=by, programme=county, name=name, content=text.encode(), **other)
    return actions.work(by=None, delivery=found)


def taken(by, found: Delivery, **how) -> Delivery:
    return actions.work(by=None, delivery=actions.confirm(by=by, delivery=found, **how))


def stored(settings, medium="air") -> list[dict]:
    with engine() as connection:
        rows = observations(connection, Store(settings.OBSERVATIONS), medium=medium).order_by("time", "item")
        return rows.to_pyarrow().to_pylist()


def trail(verb: str) -> list[dict]:
    return [one.detail for one in AuditLine.objects.filter(verb=verb).order_by("id")]


def test_a_file_is_tried_then_taken_in_and_the_trail_says_who_which_and_how_much(county, office, settings):
    found = sent(office, county)
    assert (found.state, found.outcome["source"], found.outcome["new"], found.outcome["sites"]) == (
        "ready",
        "wide-air",
        4,
        1,
    )
    assert stored(settings) == [] and trail("send_measurements")[0]["sha256"] == found.sha256
    found = taken(office, found)
    assert found.state == "kept" and [one["site"] for one in stored(settings)] == ["a-1"] * 4
    (told,) = trail("import_measurements")
    assert (told["file"], told["sha256"], told["new"], told["corrected"], told["unchanged"]) == (
        "月报.csv",
        found.sha256,
        4,
        0,
        0,
    )
    assert AuditLine.objects.get(verb="import_measurements").by == office.username and broken_audit_line() is None


def test_the_same_file_again_says_that_it_is_there_already(county, office, settings):
    taken(office, sent(office, county))
    again = taken(office, sent(office, county))
    assert (again.outcome["new"], again.outcome["unchanged"]) == (0, 4) and len(stored(settings)) == 4
    corrected = sent(office, county, FINE.replace("400", "41"))
    assert (corrected.outcome["corrected"], corrected.outcome["unchanged"]) == (1, 3)


def test_a_faulty_file_is_told_and_only_its_sound_rows_can_be_taken(county, office, settings):
    found = sent(office, county, FINE + "站甲,2025-01-02 10:00,x,5\n不明,2025-01-02 10:00,1,5\n")
    assert found.state == "faulty" and [(one[0], one[1]) for one in found.faults] == [(4, "PM25"), (5, "site")]
    with pytest.raises(Refused, match="有问题"):
        actions.confirm(by=office, delivery=found)
    assert taken(office, found, partly=True).state == "kept" and len(stored(settings)) == 4
    assert trail("import_measurements")[0]["left_out"] == 2


def test_a_file_that_is_wrong_as_a_whole_is_not_taken_in_part(county, office, settings):
    found = sent(office, county, "site,time,CO\n站甲,2025-01-02 08:00,600\n")
    assert found.state == "faulty" and "单位可能不对" in found.faults[0][3]
    with pytest.raises(Refused, match="不能跳过"):
        actions.confirm(by=office, delivery=found, partly=True)
    assert stored(settings) == []


def test_an_unknown_file_is_read_by_a_mapping_that_is_kept_for_the_next_one(county, office, settings):
    text = "某月\n断面,日期,总磷(ug/L)\n断面乙,2025-01-02,100\n"
    found = sent(office, county, text)
    assert found.state == "unknown"
    told = {"name": "月报", "medium": "water", "period": "sample", "heading": 2, "site": ["断面"], "time": {"column": "日期"},
            "values": {"总磷(ug/L)": {"item": "tp", "unit": "ug/L"}}}  # fmt: skip
    kept = actions.keep_mapping(by=office, programme=county, told=told)
    found = actions.work(by=None, delivery=actions.read_as(by=office, delivery=found, source=kept.code))
    assert found.state == "ready" and "水体类型" in found.notices[0][0] and kept.code == "trial-1"
    taken(office, found)
    assert [(str(one["value"]), one["source"]) for one in stored(settings, "water")] == [("0.100000", "trial-1")]
    assert sent(office, county, text.replace("100", "90")).state == "ready"
    assert actions.keep_mapping(by=office, programme=county, told=told | {"period": "day"}).code == "trial-1"
    assert KeptMapping.objects.count() == 1 and len(trail("keep_mapping")) == 2


def test_a_mapping_that_cannot_be_used_is_refused(county, office):
    with pytest.raises(Refused, match="medium"):
        actions.keep_mapping(by=office, programme=county, told={"name": "x", "medium": "cheese"})


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("", "空.csv", "文件是空的"), ("site,time,rain\n雨,2025-01-01,3\n", "雨.csv", "没有登记这类点位"),
        ("PK\x03\x04", "坏.xlsx", "完好的工作簿"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_ends_with_a_sentence(county, office, text, name, words):
    found = sent(office, county, text, name)
    assert found.state == "failed" and words in found.faults[0][3] and found.sha256 not in found.faults[0][3]


def test_a_source_may_be_chosen_but_never_a_file_of_the_server(county, office):
    assert sent(office, county, source="wide-air").state == "ready"
    for unknown in ("../../etc/x.yaml", "made-up", "wide-rain", "x" * 300):
        with pytest.raises(Refused, match="没有来源.*可用：.*wide-air.*") as refused:
            sent(office, county, source=unknown)
        assert "There is no source" in refused.value.en and "wide-air" in refused.value.en
    assert Delivery.objects.count() == 1
    assert sent(office, county, source="cnemc-air-hour").faults[0][3].startswith("文件缺少列")


def test_office_and_the_monitoring_body_s_liaison_may_and_nobody_else(county, office):
    liaison = person(Role.LIAISON)
    other = User.objects.create(
        username="other", role=Role.LIAISON, jurisdiction=county.jurisdiction,
        body=Body.objects.create(jurisdiction=county.jurisdiction, code="farm", name="农业局"),
    )  # fmt: skip
    assert sent(liaison, county).state == "ready"
    for nobody in (other, person(Role.LEADER), person(Role.AUDITOR), person(Role.ADMIN)):
        with pytest.raises(NotAllowed):
            sent(nobody, county)
    county.about = {"sites": SITES}
    assert queries.monitoring_body(county) is None and not queries.may_measure(liaison, county)


def test_only_its_sender_takes_a_file_in_and_only_once(county, office):
    found = sent(office, county)
    with pytest.raises(NotAllowed, match="上传"):
        actions.confirm(by=person(Role.LIAISON), delivery=found)
    actions.confirm(by=office, delivery=found)
    with pytest.raises(Refused, match="导入中"):
        actions.confirm(by=office, delivery=Delivery.objects.get())


def test_too_large_a_file_is_refused(county, office, monkeypatch):
    monkeypatch.setattr(actions, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="上限"):
        sent(office, county)


def test_an_error_of_the_program_ends_a_file_and_keeps_nothing(county, office, settings, monkeypatch):
    found = sent(office, county)
    monkeypatch.setattr(actions, "append", lambda *_: 1 / 0)
    assert taken(office, found).state == "failed" and stored(settings) == [] and trail("import_measurements") == []


def test_a_run_that_has_fallen_silent_is_ended(county, office):
    found = actions.send(by=office, programme=county, name="a.csv", content=FINE.encode())
    assert actions.give_up(by=None, delivery=found).state == "checking"
    long_ago = time.time() - 1000
    os.utime(queries.progress_path(found), (long_ago, long_ago))
    assert actions.give_up(by=None, delivery=found).state == "failed" and "不会重复" in found.faults[0][3]


KEY = ("a-1", "PM25", "hour", datetime(2025, 1, 2, 8), "")  # noqa: DTZ001 local standard time of the site


def test_a_verdict_is_kept_beside_the_value_with_name_and_reason(county, office, settings):
    taken(office, sent(office, county))
    done = actions.review(by=office, programme=county, medium="air", keys=[KEY], verdict="rejected", why=" 仪器校准 ")
    told = next(one for one in stored(settings) if one["item"] == "PM25" and one["time"] == KEY[3])
    assert done.corrected == 1 and (told["flag"], told["flagged_by"], told["value"]) == (
        "rejected",
        f"person:{office.username}",
        400,
    )
    (line,) = trail("review_measurements")
    assert line["why"] == "仪器校准" and line["values"][0]["was"] == "" and line["values"][0]["value"] == "400.000000"
    assert [one.detail["verdict"] for one in queries.verdicts_of(county)] == ["rejected"]
    again = sent(office, county)
    assert again.outcome["unchanged"] == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"why": " "}, "理由"), ({"keys": []}, "勾选"), ({"keys": [("b-9", *KEY[1:])]}, "勾选"), ({"verdict": "fine"}, "不认识"),
        ({"keys": [(*KEY[:4], "spike")]}, "已经变了"),
    ],
)  # fmt: skip
def test_a_verdict_that_cannot_be_is_refused_and_leaves_nothing(county, office, settings, change, words):
    taken(office, sent(office, county))
    told = {"medium": "air", "keys": [KEY], "verdict": "rejected", "why": "校准"} | change
    with pytest.raises(Refused, match=words):
        actions.review(by=office, programme=county, **told)
    assert trail("review_measurements") == [] and {one["flag"] for one in stored(settings)} == {""}
