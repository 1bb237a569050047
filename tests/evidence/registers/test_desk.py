"""Filters that people keep, and files of rows on their way in."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from qingshan.evidence.registers.actions import put_entries
from qingshan.evidence.registers.desk import actions as desk
from qingshan.evidence.registers.desk.models import SavedFilter, Upload
from qingshan.evidence.registers.desk.progress import CHECKING, READING, Progress, told
from qingshan.evidence.registers.desk.queries import STALLED, filters_of, progress_of, progress_path, stalled
from qingshan.evidence.registers.models import Entry
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine, Role
from qingshan.plan.actions import Refused

from .outfalls import DAY, person, stated

GOOD = "编号*,水量\r\nP-1,12.5\r\nP-2,3\r\n"
BAD = "编号*,水量\r\nP-1,many\r\nP-2,3\r\n"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(register):
    return person(register)


def sent(by, programme, text=GOOD, **more):
    told = {"name": "排口.csv", "content": text.encode(), "known_on": DAY} | more
    return desk.send(by=by, programme=programme, register="outfalls", **told)


# --- filters


def test_a_filter_is_kept_under_its_name_and_replaced_under_the_same(register, office):
    for query in ("state=found", "state=mended"):
        desk.save_filter(by=office, programme=register, register="outfalls", name=" 要看的 ", query=query)
    assert [(one.name, one.query) for one in filters_of(office, register, "outfalls")] == [("要看的", "state=mended")]


def test_a_filter_is_its_owners(register, office):
    kept = desk.save_filter(by=office, programme=register, register="outfalls", name="一", query="q=1")
    other = person(register, Role.LIAISON, "water")
    assert not filters_of(other, register, "outfalls")
    with pytest.raises(NotAllowed, match="只有本人"):
        desk.drop_filter(by=other, kept=kept)
    desk.drop_filter(by=office, kept=kept)
    assert not SavedFilter.objects.exists()
    assert list(AuditLine.objects.order_by("-id").values_list("verb", flat=True)[:2]) == ["drop_filter", "save_filter"]


@pytest.mark.parametrize(("name", "query", "numbers"), [("", "q=1", "0 个字，应为 1—60"), ("长" * 61, "q=1", "61 个字，应为 1—60"), ("一", "q" * 1001, "1001 个字，上限 1000")])  # fmt: skip
def test_a_filter_that_cannot_be_kept_says_the_two_numbers(register, office, name, query, numbers):
    with pytest.raises(Refused) as refused:
        desk.save_filter(by=office, programme=register, register="outfalls", name=name, query=query)
    assert numbers in refused.value.zh


def test_nobody_keeps_more_filters_than_fit_a_menu(register, office):
    for number in range(desk.MOST_FILTERS):
        desk.save_filter(by=office, programme=register, register="outfalls", name=f"{number}", query="q=1")
    with pytest.raises(Refused, match="30 个筛选，上限 30 个"):
        desk.save_filter(by=office, programme=register, register="outfalls", name="又一个", query="q=1")
    desk.save_filter(by=office, programme=register, register="outfalls", name="0", query="q=2")


# --- files of rows


def test_a_file_is_checked_then_confirmed_then_taken_in(register, office):
    upload = desk.work(by=None, upload=sent(office, register))
    assert upload.state == Upload.State.READY and upload.outcome == {"added": 2, "changed": 0, "same": 0}
    assert not Entry.objects.exists()
    upload = desk.work(by=None, upload=desk.confirm(by=office, upload=upload))
    assert upload.state == Upload.State.KEPT and Entry.objects.count() == 2
    assert AuditLine.objects.filter(verb="put_entries", by=office.username).count() == 1
    assert desk.work(by=None, upload=upload).state == Upload.State.KEPT and Entry.objects.count() == 2


def test_a_file_with_a_fault_names_its_cell_and_cannot_be_confirmed(register, office):
    upload = desk.work(by=None, upload=sent(office, register, BAD))
    assert upload.state == Upload.State.FAULTY
    ((_sheet, cell, value, zh, en),) = upload.faults
    assert (cell, value) == ("B2", "many") and "应为数字" in zh and "a number" in en
    with pytest.raises(Refused, match="不能再次确认"):
        desk.confirm(by=office, upload=upload)
    assert not Entry.objects.exists()


def test_a_file_is_confirmed_once_and_by_its_sender(register, office):
    upload = desk.work(by=None, upload=sent(office, register))
    with pytest.raises(NotAllowed, match="由上传人确认"):
        desk.confirm(by=person(register, Role.LIAISON, "water"), upload=upload)
    desk.confirm(by=office, upload=upload)
    with pytest.raises(Refused):
        desk.confirm(by=office, upload=upload)


def test_what_changed_between_check_and_confirmation_stops_all_of_it(register, office):
    liaison = person(register, Role.LIAISON, "water")
    upload = desk.work(by=None, upload=sent(liaison, register))
    assert upload.state == Upload.State.READY
    put_entries(by=None, programme=register, register="outfalls", rows=[stated("P-2", keeper="farm")])
    upload = desk.work(by=None, upload=desk.confirm(by=liaison, upload=upload))
    assert upload.state == Upload.State.FAULTY and "农业局负责" in upload.faults[0][3]
    assert list(Entry.objects.values_list("key", flat=True)) == ["P-2"]


def test_a_liaisons_file_says_which_rows_are_not_theirs(register):
    liaison = person(register, Role.LIAISON, "water")
    upload = desk.work(by=None, upload=sent(liaison, register, "编号*,责任部门\r\nP-1,水务局\r\nP-2,农业局\r\n"))
    assert [fault[1] for fault in upload.faults] == ["B3"]


def test_a_file_that_is_too_large_or_known_tomorrow_is_refused_with_the_numbers(register, office, monkeypatch):
    monkeypatch.setattr(desk, "MOST_BYTES", 2**20)
    with pytest.raises(Refused, match=r"2\.0 MB，上限 1 MB"):
        sent(office, register, "x" * 2**21)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match=f"{tomorrow} 在今天之后"):
        sent(office, register, known_on=tomorrow)


def test_only_who_may_write_sends_a_file(register):
    with pytest.raises(NotAllowed):
        sent(person(register, Role.LEADER), register)


def test_an_error_ends_a_run_with_a_sentence(register, office, monkeypatch):
    upload = sent(office, register)
    monkeypatch.setattr(desk, "dry_run", lambda **given: 1 / 0)
    upload = desk.work(by=None, upload=upload)
    assert upload.state == Upload.State.FAILED and "请重新上传" in upload.faults[0][3]


def test_a_run_that_fell_silent_is_given_up(register, office):
    upload = sent(office, register)
    assert not stalled(upload) and desk.give_up(by=None, upload=upload).state == Upload.State.CHECKING
    old = timezone.now().timestamp() - STALLED - 1
    os.utime(progress_path(upload), (old, old))
    assert desk.give_up(by=None, upload=upload).state == Upload.State.FAILED
    assert progress_of(upload) is None


# --- how far


def test_progress_counts_rows_and_knows_the_whole_where_it_can(tmp_path):
    path = tmp_path / "1.progress"
    progress = Progress(path)
    rows = progress(iter(range(600)))
    assert [next(rows) for _ in range(600)][-1] == 599
    assert told(path, path.stat().st_mtime)[:3] == (READING, 500, 0)
    rows = progress(list(range(600)))
    next(rows)
    assert told(path, path.stat().st_mtime)[:3] == (CHECKING, 0, 600)
    list(rows)
    assert told(path, path.stat().st_mtime + 3) == (CHECKING, 600, 600, 3)


def test_progress_that_was_never_told_is_none(tmp_path):
    assert told(tmp_path / "none", 0) is None
    (tmp_path / "broken").write_text("nonsense")
    assert told(tmp_path / "broken", 0) is None
