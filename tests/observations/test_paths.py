"""What commands are told to read or to write is refused with a sentence where that cannot be."""

import errno
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from qingshan.observations.assess.commands import assess
from qingshan.observations.commands import observations

COMMANDS = (
    (observations, "check", "{}"), (observations, "import", "{}"), (observations, "map", "{}"), (assess, "air", "{}"), (assess, "air", "--sites", "{}"),
    (assess, "air", "--dust", "{}"), (observations, "template", "air", "new.xlsx", "--sites", "{}"),
)  # fmt: skip
WRITING = (
    (observations, "template", "air", "{}"), (observations, "export", "--medium", "air", "{}"), (observations, "map", "sound.csv", "--out", "{}"),
    (observations, "check", "sound.csv", "--faults", "{}"), (assess, "air", "sound.csv", "--out", "{}"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QINGSHAN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("QINGSHAN_OBSERVATIONS", raising=False)
    Path("sound.csv").write_text("site,time,CO\n甲,2025-03-01 08:00,1\n", encoding="utf-8")
    Path("folder.csv").mkdir()


def told(command: tuple, file: str) -> str:
    group, *words = command
    done = CliRunner().invoke(group, [one.format(file) for one in words], catch_exceptions=False)
    assert done.exit_code == 2 and "Usage" not in done.output
    return done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_what_cannot_be_read_is_told(command, monkeypatch):
    assert "none.csv：没有这个文件" in told(command, "none.csv")
    assert "folder.csv：这是文件夹。 folder.csv cannot be read or written: it is a folder." in told(
        command, "folder.csv"
    )
    monkeypatch.setattr(os, "access", lambda *given: False)
    assert "sound.csv：没有权限。 sound.csv cannot be read or written: permission is lacking." in told(
        command, "sound.csv"
    )


@pytest.mark.parametrize("command", WRITING)
def test_where_nothing_can_be_written_is_told(command):
    assert "none/new.xlsx：没有这个文件或文件夹" in told(command, "none/new.xlsx")
    assert "sound.csv/new.xlsx：上一级不是文件夹" in told(command, "sound.csv/new.xlsx")
    assert "folder.csv：这是文件夹" in told(command, "folder.csv")


def test_what_may_not_be_written_anew_is_told(monkeypatch):
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda file, mode: mode != os.W_OK and allowed(file, mode))
    for command in WRITING:
        assert "没有权限" in told(command, "sound.csv")


def test_a_disk_that_is_full_is_told(monkeypatch):
    def full(*given, **named):
        raise OSError(errno.ENOSPC, "No space left on device", "found.json")

    monkeypatch.setattr(Path, "write_text", full)
    assert "found.json：磁盘已满" in told((assess, "air", "sound.csv", "--out", "{}"), "found.json")


def test_an_export_that_the_engine_cannot_write_is_told():
    Path("out.csv.part").mkdir()
    said = told((observations, "export", "--medium", "air", "{}"), "out.csv")
    assert (
        said.startswith("写不了 out.csv：") and "out.csv cannot be written: " in said and not Path("out.csv").exists()
    )


@pytest.mark.parametrize(
    "command",
    [(observations, "import", "sound.csv", "--store", "{}"), (observations, "flag", "--store", "{}"), (observations, "compact", "--store", "{}"),
     (observations, "export", "--medium", "air", "--store", "{}", "out.csv"), (assess, "air", "--store", "{}")],
)  # fmt: skip
def test_a_store_is_a_folder(command):
    assert "观测库的位置 sound.csv 是文件，应为文件夹。" in told(command, "sound.csv")
