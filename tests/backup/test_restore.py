"""A backup gives the same evaluation, the same audit chain and the same protection again, on either database."""

import json
import zipfile
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from qingshan.backup import actions
from qingshan.backup.actions import restore
from qingshan.backup.archive import Unfit, opened, written
from qingshan.backup.queries import tables
from qingshan.cycle import reproduce, run_cycle
from qingshan.evaluation.models import Run
from qingshan.evidence.registers.actions import index_names
from qingshan.evidence.registers.models import Attachment, Register
from qingshan.evidence.registers.queries import entries, file_of, matching
from qingshan.people.models import AuditLine
from qingshan.people.queries import broken_audit_line

from . import homes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path, settings) -> Path:
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    settings.MEDIA_ROOT = settings.HOME / "files"
    settings.BACKED_UP = {"files": settings.MEDIA_ROOT, "observations": settings.HOME / "observations"}
    return settings.HOME


@pytest.fixture(params=["from_sqlite", "from_postgres"])
def archive(request) -> Path:
    return request.getfixturevalue(request.param)


def manifest_of(archive: Path) -> dict:
    return json.loads(zipfile.ZipFile(archive).read("manifest.json"))


def guards() -> set[tuple]:
    """The triggers and indexes of the database, with whether they are in force."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index')")
            return set(cursor.fetchall())
        cursor.execute("SELECT 'trigger', tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal")
        triggers = set(cursor.fetchall())
        cursor.execute("SELECT 'index', indexname, '' FROM pg_indexes WHERE schemaname = current_schema()")
        return triggers | set(cursor.fetchall())


def nothing_here(home: Path) -> bool:
    return not any(model._base_manager.exists() for model in tables()) and not list(home.iterdir())


def forged(archive: Path, place: Path, name: str, change) -> Path:
    """The archive with one part changed, under a manifest and a seal that hold: as someone might who knows how."""
    manifest = manifest_of(archive)
    with opened(archive) as old, written(place) as new:
        for told in [*manifest["tables"], *manifest["files"]]:
            content = b"".join(old.lines(told["name"]))
            told |= new.add(told["name"], [change(content) if told["name"] == name else content])._asdict()
        new.close(manifest)
    return place


def test_old_evaluations_are_reproduced_and_the_trail_is_whole(archive, home):
    before, manifest = guards(), manifest_of(archive)
    restore(by=None, place=archive)

    runs = list(Run.objects.order_by("id"))
    assert len(runs) == 2 and runs[-1].signed_at and [reproduce(run) for run in runs] == [run.record for run in runs]
    lines = list(AuditLine.objects.order_by("id"))
    assert broken_audit_line() is None and len(lines) == manifest["trail"]["lines"] + 1
    assert (lines[-2].seal, lines[-1].verb) == (manifest["trail"]["seal"], "restore_backup")

    kept = Attachment.objects.get()
    assert len((home / "files" / file_of(kept.sha256)).read_bytes()) == kept.size
    assert (home / "observations" / "air" / "_delta_log" / "0.json").read_text() == "{}"
    assert not list(home.glob(".restore-*"))

    register = Register.objects.get().schema
    programme = runs[0].programme
    assert matching(entries(programme, "outfalls"), register, "flow=12.5").count() == 300
    assert {name for kind, name, _ in guards() - before} == set(index_names(register))
    assert guards() >= before


def test_what_was_frozen_is_frozen_and_work_goes_on(archive):
    restore(by=None, place=archive)
    signed = Run.objects.exclude(signed_at=None).get()
    for change in (
        lambda: Run.objects.filter(pk=signed.pk).update(record="{}"),
        lambda: AuditLine.objects.all().update(by="someone"),
        lambda: signed.edition.tasks.update(title="another"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    later = run_cycle(programme=signed.programme, as_of=signed.as_of)
    assert later.pk > signed.pk and broken_audit_line() is None


def test_a_home_that_holds_something_is_left_alone(from_sqlite, home):
    restore(by=None, place=from_sqlite)
    lines = AuditLine.objects.count()
    with pytest.raises(Unfit, match="只能恢复到空的数据库"):
        restore(by=None, place=from_sqlite)
    assert AuditLine.objects.count() == lines


def test_a_folder_that_holds_something_is_left_alone(from_sqlite, home):
    (home / "files").mkdir()
    (home / "files" / "mine").touch()
    with pytest.raises(Unfit, match="不是空的"):
        restore(by=None, place=from_sqlite)
    assert (home / "files" / "mine").exists() and not AuditLine.objects.exists()


FORGERIES = {
    "a trail with a changed line": ("tables/people.auditline.jsonl", lambda text: text.replace(b'"evaluate"', b'"sign_run"', 1)),
    "a trail without its last line": ("tables/people.auditline.jsonl", lambda text: text[: text[:-1].rfind(b"\n") + 1]),
    "a row that refers to nothing": ("tables/plan.task.jsonl", lambda text: text.replace(b"[1,1,", b"[1,77,", 1)),
    "a row twice": ("tables/plan.theme.jsonl", lambda text: text + text),
    "no rows at all": ("tables/plan.measure.jsonl", lambda text: b""),
    "a row with a column too few": ("tables/plan.theme.jsonl", lambda text: text.replace(b"[1,", b"[", 1)),
    "what is no row": ("tables/plan.theme.jsonl", lambda text: b"{\n" * text.count(b"\n")),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_backup_with_a_seal_that_holds_is_refused_and_nothing_is_written(from_sqlite, tmp_path, home, what):
    before = guards()
    name, change = FORGERIES[what]
    place = forged(from_sqlite, tmp_path / "forged.zip", name, change)
    with pytest.raises(Unfit, match="没有写入任何内容"):
        restore(by=None, place=place)
    assert nothing_here(home) and guards() == before


def test_a_damaged_backup_writes_nothing(from_sqlite, tmp_path, home):
    damaged = bytearray(from_sqlite.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "damaged.zip").write_bytes(damaged)
    with pytest.raises(Unfit, match="已损坏"):
        restore(by=None, place=tmp_path / "damaged.zip")
    assert nothing_here(home)


def test_a_failure_at_the_last_step_undoes_the_files_too(from_sqlite, home, monkeypatch):
    move = actions._into_place

    def stopped_afterwards(stage, moved):
        move(stage, moved)
        assert (home / "files" / "evidence").is_dir()
        raise KeyboardInterrupt

    monkeypatch.setattr(actions, "_into_place", stopped_afterwards)
    with pytest.raises(KeyboardInterrupt):
        restore(by=None, place=from_sqlite)
    assert nothing_here(home)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"migrations": [["plan", "0001_initial"]]}, "请先用作备份时的版本恢复"),
        ({"tables": []}, "与本程序不符"),
        ({"files": [{"name": "elsewhere/a", "size": 1, "sha256": "0"}]}, "与本程序不符：elsewhere"),
    ],
)
def test_a_backup_of_another_version_is_told_what_differs(from_sqlite, tmp_path, home, change, sentence):
    manifest = manifest_of(from_sqlite) | change
    with written(tmp_path / "other.zip") as archive:
        for one in [*manifest["tables"], *manifest["files"]]:
            archive.add(one["name"], [b""])
        archive.close(manifest)
    with pytest.raises(Unfit, match=sentence):
        restore(by=None, place=tmp_path / "other.zip")
    assert nothing_here(home)


def test_from_postgres_into_sqlite(from_postgres, tmp_path):
    where = homes.environment(tmp_path / "elsewhere")
    assert "审计记录完好" in homes.run(where, "restore", str(from_postgres))
    assert "逐字节相同" in homes.run(where, "evaluate", "--as-of", homes.DAY)
    assert "完好" in homes.run(where, "audit", "verify")


WRITES_MEANWHILE = """
import sys, threading
from datetime import date
from decimal import Decimal
from pathlib import Path
from django.db import connection
from qingshan.backup.actions import take
from qingshan.evidence.figures.actions import StatedFigure, add_figures
from qingshan.people.models import AuditLine
from qingshan.plan.models import Programme

def write():
    late = StatedFigure("phosphorus-monthly", "2025-01", date(2025, 1, 31), Decimal("4.9"), "correction", date(2025, 2, 20))
    assert add_figures(by=None, programme=Programme.objects.get(), figures=[late]) == 1
    connection.close()

def meanwhile(total):
    writer = threading.Thread(target=write)
    writer.start()
    writer.join(10)
    assert not writer.is_alive(), "a backup must not make others wait"
    return lambda done: None

manifest = take(by=None, place=Path(sys.argv[1]) if len(sys.argv) > 1 else Path("PLACE"), watch=meanwhile)
rows = {one["table"]: one["rows"] for one in manifest["tables"]}
print("before", rows["people.auditline"], manifest["trail"]["lines"], "after", AuditLine.objects.count())
"""


@pytest.mark.parametrize("vendor", ["sqlite", "postgres"])
def test_a_backup_stands_still_while_others_write(vendor, request, tmp_path):
    archive, place = request.getfixturevalue(f"from_{vendor}"), tmp_path / "meanwhile.zip"
    if vendor == "postgres":
        with homes.database() as address:
            said = _written_meanwhile(homes.environment(tmp_path / "busy", address), archive, place)
    else:
        said = _written_meanwhile(homes.environment(tmp_path / "busy"), archive, place)
    _, lines, told, _, after = said.split()
    assert int(lines) == int(told) == int(after) - 1
    restore(by=None, place=place)
    assert broken_audit_line() is None


def _written_meanwhile(where: dict[str, str], archive: Path, place: Path) -> str:
    homes.run(where, "restore", str(archive))
    return homes.script(where, WRITES_MEANWHILE.replace("PLACE", str(place)))


def test_commands_refuse_in_sentences(from_sqlite, tmp_path):
    where = homes.environment(tmp_path / "fresh")
    assert "没有文件" in homes.run(where, "restore", str(tmp_path / "none.zip"), expected=1)
    assert "还没有青山的数据" in homes.run(where, "backup", str(tmp_path / "b.zip"), expected=1)
    (tmp_path / "notes.zip").write_text("notes")
    said = homes.run(where, "restore", str(tmp_path / "notes.zip"), expected=1)
    assert "不是青山的备份" in said and "is no backup of Qingshan" in said and "Traceback" not in said
