"""Each benchmark of measurements runs, on very few rows: what it claims is measured by running it as its first lines say."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"
SMALL = {
    "national": (
        ["--stations", "2", "--years", "2", "--rounds", "1"],
        ["one year: 105,", "3 years told", "2 years take"],
    ),
    "keeping": (["--stations", "1", "--rows", "20", "--rounds", "1"], ["appended and seen", "as of an instant"]),
    "assessing": (["--stations", "1", "--rounds", "1"], ["qingshan", "aqi-hub", "fastest peer"]),
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_runs_on_few_rows(name):
    arguments, words = SMALL[name]
    command = [sys.executable, FOLDER / f"{name}.py", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=590)
    assert done.returncode in (0, 1), done.stderr  # 1: a goal is not reached, which on few rows says nothing
    assert all(word in done.stdout for word in words), done.stdout + done.stderr
