"""The reading of real plans, scored by the scorer that came with them."""

import importlib.util

import pytest
import yaml

from qingshan.plan.document import read
from tests.shared import FOLDER, shared

HOME = {"facts": 1.0, "tasks": 1.0, "bodies": 1.0, "targets": 0.95}
OTHERS = {"facts": 1.0, "tasks": 0.95, "bodies": 0.95, "targets": 0.8}
NAMES = sorted(path.name.removesuffix(".truth.yaml") for path in FOLDER.glob("plans/*.truth.yaml")) or ["none"]


def scorer():
    spec = importlib.util.spec_from_file_location("plan_score", shared("plans/score.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_the_bars_are_reached(name, capsys):
    text = shared(f"plans/{name}.txt").read_text(encoding="utf-8")
    truth = yaml.safe_load(shared(f"plans/{name}.truth.yaml").read_text(encoding="utf-8"))
    reached = scorer().score(truth, read(text).as_dict())
    said = capsys.readouterr().out
    bars = HOME if name.startswith("jinshan") else OTHERS
    assert all(reached[part] >= bar for part, bar in bars.items()), said
