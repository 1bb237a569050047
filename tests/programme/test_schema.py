"""The page on the format names every field, and no sentence of the code promises one that is not there."""

import re
from pathlib import Path
from typing import get_args

import pytest

from qingshan.evidence.registers import schema as registers
from qingshan.programme import schema

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "programme-format.md").read_text("utf8")
REGISTERS = (Path(__file__).resolve().parents[2] / "docs" / "registers.md").read_text("utf8")
MODELS = [schema.Head, schema.Jurisdiction, schema.Demonstration, schema.Account, schema.Body, schema.Theme, schema.Task,
          schema.Measure, schema.Target, schema.Point, schema.Metric, schema.Inputs, schema.Series, schema.UnitName,
          schema.Source, schema.Figure, schema.Item, schema.Counting, registers.Definition, registers.Column, registers.State,
          registers.Transition, registers.Proof]  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_every_field_is_on_the_page(model):
    words = set(re.findall(r"\w+", PAGE + REGISTERS, re.ASCII))
    assert [
        field.alias or name
        for name, field in model.model_fields.items()
        if (field.alias or name) not in words | {"__where__", "origin"}
    ] == []


@pytest.mark.parametrize("choices", [schema.Kind, schema.Formula, schema.Frequency, schema.Role])
def test_every_choice_is_on_the_page(choices):
    assert [word for word in get_args(choices) if not re.search(rf"\b{word}\b", PAGE, re.ASCII)] == []


def test_entries_cannot_be_changed():
    body = schema.Body(code="works", name="Works", en="Works", kind="department")
    with pytest.raises(ValueError, match="frozen"):
        body.name = "Other"
