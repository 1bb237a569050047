"""Where real data for tests stand, if they stand anywhere."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("QINGSHAN_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def shared(path: str) -> Path:
    """The real file at `path`, or a skip that says what is missing."""
    found = FOLDER / path
    if not found.exists():
        pytest.skip(f"real data {path} not here; set QINGSHAN_SHARED to its folder")
    return found
