"""Which measures and official targets of the plan stand in some year's list, and which in none."""

from collections.abc import Iterable
from dataclasses import dataclass, field

Key = tuple[str, str]  # ("measure", its sentence) or ("target", its code): the same through all editions


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source stands: a year's list, issued or still a draft."""

    year: int
    issued: bool


@dataclass(slots=True)
class Covered:
    key: Key
    places: list[Place] = field(default_factory=list)

    @property
    def issued(self) -> bool:
        return any(place.issued for place in self.places)


@dataclass(frozen=True, slots=True)
class Coverage:
    """`rows` holds each source once, in the order given."""

    rows: tuple[Covered, ...]

    @property
    def missing(self) -> list[Covered]:
        return [row for row in self.rows if not row.places]

    @property
    def only_drafted(self) -> list[Covered]:
        return [row for row in self.rows if row.places and not row.issued]

    @property
    def issued(self) -> list[Covered]:
        return [row for row in self.rows if row.issued]


def coverage(sources: Iterable[Key], standing: Iterable[tuple[Key, Place]]) -> Coverage:
    """Each source with the lists it stands in, by year. An item that stands in a list twice counts once."""
    rows = {key: Covered(key) for key in sources}
    for key, place in standing:
        if key in rows and place not in rows[key].places:
            rows[key].places.append(place)
    for row in rows.values():
        row.places.sort(key=lambda place: place.year)
    return Coverage(tuple(rows.values()))
