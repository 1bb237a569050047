"""A copy of the sample programme that a test may spoil."""

import shutil
from pathlib import Path

SAMPLE = Path(__file__).parent / "sample"
JINSHAN = Path(__file__).resolve().parents[2] / "programmes" / "jinshan"


def copied(to: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, to / "programme"))


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    """Replace one passage of one file; the passage must stand there exactly once."""
    text = (folder / name).read_text("utf8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    (folder / name).write_text(text.replace(old, new), "utf8")


def line_of(folder: Path, name: str, passage: str) -> int:
    text = (folder / name).read_text("utf8")
    assert text.count(passage) == 1, f"{passage!r} stands {text.count(passage)} times in {name}"
    return text[: text.index(passage)].count("\n") + 1
