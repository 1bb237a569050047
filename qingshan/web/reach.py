"""What is near a place and how soon it could be there, by registers of supplies, pools and teams."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qingshan.coordination.incidents.responding import minutes
from qingshan.evidence.registers import queries
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.schema import Definition
from qingshan.people.models import User
from qingshan.plan.models import Programme
from qingshan.web import wording
from qingshan.web.registers import Words

PARTS = ("supplies", "pools", "teams")
MOST = 200


@dataclass(frozen=True)
class Found:
    """A row near a place. metres: the straight line; minutes: until it could be there, by the estimate."""

    part: str
    definition: Definition
    entry: Entry
    words: Words
    metres: float
    minutes: int

    @property
    def title(self) -> str:
        return self.definition.title_of(self.entry.data)

    @property
    def simulated(self) -> bool:
        return self.entry.origin == "simulated"

    @property
    def km(self) -> str:
        return f"{self.metres / 1000:.1f}"

    @property
    def what(self) -> str:
        """Its kind and amount: 吸油毡 50 箱; 抢险处置 12 人."""
        cells = [self.cell(code) for code in ("item", "kind", "level") if code in self.definition.field]
        unit = self.entry.data.get("measure", "")
        amounts = [
            f"{self.cell(code)} {unit or self.definition.field[code].unit or ''}".strip()
            for code in ("amount", "people")
            if self.entry.data.get(code) is not None
        ]
        return " ".join(filter(None, [*cells, *amounts]))

    def cell(self, code: str) -> str:
        column = self.definition.field.get(code)
        return self.words.cell(column, self.entry.data, self.entry.hidden) if column else ""

    @property
    def duty(self) -> str:
        return self.cell("duty")

    @property
    def body(self) -> str:
        return wording.said(self.entry.body) if self.entry.body else ""


def books(programme: Programme, parts: Iterable[str] = PARTS) -> dict[str, Definition]:
    """The registers of a programme that serve as these parts."""
    found = {part: queries.serving(programme, part) for part in parts}
    return {part: one for part, one in found.items() if one}


def words_for(definition: Definition, by: User, bodies: Mapping) -> Words:
    return Words(definition, queries.sight(definition, by), bodies)


def within(
    programme: Programme, kept: Mapping[str, Definition], lon: float, lat: float, metres: float, speed: float, by: User
) -> list[Found]:
    """Rows of the registers within `metres` of a point, the soonest first. `speed` [km/h] on the road."""
    bodies = {one.code: one for one in programme.jurisdiction.bodies.all()}
    found = []
    for part, definition in kept.items():
        words = words_for(definition, by, bodies)
        rows = queries.on_the_map(queries.entries(programme, definition.code), words.sees).select_related("body")
        if part != "pools":
            rows = queries.standing(definition, rows)
        for one in queries.near(rows, lon, lat, metres)[:MOST]:
            entry = queries.as_seen(one.entry, words.sees)
            found.append(
                Found(
                    part, definition, entry, words, one.metres, minutes(one.metres, speed, entry.data.get("ready", 0))
                )
            )
    return sorted(found, key=lambda one: (one.minutes, one.metres, one.entry.key))
