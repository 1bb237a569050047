"""A form made from a register's definition: one input for each field, read back as the register keeps it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from qingshan.evidence.registers.cells import LONGEST, Unreadable, expected, read
from qingshan.evidence.registers.schema import Column, Definition
from qingshan.web import wording
from qingshan.web.registers import grouped, heading, language, options_of

LON, LAT, SHAPE = "lon", "lat", "geometry"


@dataclass
class Input:
    """One field of the form as it stands: its text, and what is wrong with it."""

    column: Column
    text: str
    options: list[tuple[str, str]]
    error: str = ""
    fixed: bool = False
    theirs: str = ""

    @property
    def words(self) -> str:
        return heading(self.column)

    @property
    def kind(self) -> str:
        if self.options or self.column.type in ("choice", "body", "bool"):
            return "select"
        if self.column.type == "reference":
            return "reference"
        return {"date": "date", "url": "url"}.get(self.column.type, "area" if self.column.code == "note" else "text")

    @property
    def hint(self) -> str:
        return expected(self.column, language()) if self.column.type in ("int", "decimal", "year") else ""

    @property
    def longest(self) -> int:
        return LONGEST


@dataclass
class EntryForm:
    """`given` is what was sent (text by field code), `stands` what is kept; errors are told at their fields."""

    definition: Definition
    bodies: Mapping[str, object]
    given: Mapping[str, str] | None = None
    stands: Mapping[str, Any] = field(default_factory=dict)
    place: Mapping | None = None
    only: Sequence[str] | None = None
    errors: dict[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)

    def text(self, column: Column) -> str:
        if self.given is not None:
            return self.given.get(column.code, "")
        value = self.stands.get(column.code)
        return "" if value is None else ("1" if value else "0") if column.type == "bool" else str(value)

    def input(self, column: Column) -> Input:
        fixed = bool(self.stands) and column.code in self.definition.key
        return Input(
            column, self.text(column), options_of(column, self.bodies, self._places(column)),
            self.errors.get(column.code, ""), fixed, self.theirs.get(column.code, ""),
        )  # fmt: skip

    def _places(self, column: Column) -> list[str]:
        """The places to choose from, and the one that stands though it is none of them any more."""
        if column.type != "place" or not self.definition.places:
            return []
        return list(dict.fromkeys([*self.definition.places, self.text(column)]))

    @property
    def groups(self) -> list[tuple[str, list[Input]]]:
        return [(name, [self.input(one) for one in columns]) for name, columns in grouped(self.definition)]

    @property
    def inputs(self) -> list[Input]:
        return [self.input(self.definition.field[code]) for code in self.only or ()]

    @cached_property
    def data(self) -> dict[str, Any]:
        """What was sent, as the register keeps it; what cannot be read is told in `errors`."""
        found = {}
        for column in self.definition.fields:
            if self.given is None or (self.only is not None and column.code not in self.only):
                continue
            if column.code in self.definition.key and self.stands:
                continue
            try:
                found[column.code] = read(column, self.given.get(column.code, ""))
            except Unreadable as wrong:
                self.errors[column.code] = wording.said({"zh": wrong.zh, "en": wrong.en})
        return found

    # --- where it lies

    @property
    def lon(self) -> str:
        return self._ordinate(LON, 0)

    @property
    def lat(self) -> str:
        return self._ordinate(LAT, 1)

    def _ordinate(self, name: str, number: int) -> str:
        if self.given is not None:
            return self.given.get(name, "")
        return f"{self.place['coordinates'][number]}" if self.place and self.place["type"] == "Point" else ""

    @property
    def shape(self) -> str:
        if self.given is not None:
            return self.given.get(SHAPE, "")
        return json.dumps(self.place) if self.place else ""

    @property
    def geometry(self) -> dict | None:
        """The place that was sent; None where none was."""
        try:
            if self.definition.geometry == "point":
                lon, lat = self.lon.strip(), self.lat.strip()
                return {"type": "Point", "coordinates": [float(lon), float(lat)]} if lon or lat else None
            return json.loads(self.shape) if self.shape.strip() else None
        except (ValueError, RecursionError):
            self.errors[SHAPE] = (
                _("经度和纬度应同时填写，为 121.3412 这样的数字。")
                if self.definition.geometry == "point"
                else _("图形应为 GeoJSON。")
            )
            return None

    @property
    def place_error(self) -> str:
        return self.errors.get(SHAPE, "")

    def told(self, problems) -> None:
        """Put what the register refuses at its fields; what belongs to none is told above the form."""
        for _place, problem in problems:
            self.errors[problem.field] = wording.said({"zh": problem.zh, "en": problem.en})

    @property
    def general(self) -> list[str]:
        known = {*self.definition.field, SHAPE}
        return [words for code, words in self.errors.items() if code not in known]


def texts(definition: Definition, data: Mapping[str, Any]) -> dict[str, str]:
    """Kept values as a form would send them."""
    form = EntryForm(definition, {}, stands=data)
    return {one.code: form.text(one) for one in definition.fields}


def laid_over(base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Three versions of a form's texts made one: what I changed since `base` on top of what others made of it."""
    return {code: text if text != base.get(code, "") else theirs.get(code, "") for code, text in mine.items()}
