"""What a metric of a programme takes from the measurements, as it is declared, and what it is given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from .media import NAMES

Site = tuple[tuple[str, Any], ...]  # what is stored of a site, in a form that can be compared and kept


class Finding(NamedTuple):
    """What a period came to. `value` in the unit of what was taken; None where nothing can be said.

    weight: the number of days or samples the value is the mean of. seen, of: how much of the period was measured.
    part, whole: what a share was made of.
    """

    period: str
    ends: date
    value: Fraction | None
    weight: int
    seen: int
    of: int
    part: Fraction | None = None
    whole: Fraction | None = None


@dataclass(frozen=True)
class Wanted:
    """What is taken of a medium's measurements, at the sites of `group` (none named: at all of the medium).

    item: of what; depth: a design rainfall [mm]; every: the periods, where they are not fixed. sites: as they are declared, with
    the properties that the law of the medium asks for; they belong to the definition, so that an old evaluation reads the sites
    of its time.
    """

    medium: str
    take: str
    item: str = ""
    group: str = ""
    every: str = "quarter"
    depth: str = ""
    sites: tuple[Site, ...] = ()

    @property
    def name(self) -> str:
        """A text that tells this from all others."""
        told = (("item", self.item), ("group", self.group), ("depth", self.depth))
        more = [f"{key}={value}" for key, value in told if value]
        return "&".join([f"{self.medium}:{self.take}", *more])

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.properties)

    @property
    def properties(self) -> dict[str, dict[str, Any]]:
        """What is stored of each site, by its code."""
        return by_code(self.sites)

    @property
    def simulated(self) -> bool:
        return any(told.get("simulated") for told in self.properties.values())

    @property
    def words(self) -> dict[str, str]:
        """The medium in both languages."""
        return NAMES[self.medium]

    def plain(self) -> dict[str, Any]:
        """As it stands in a programme's file and, with its sites, in a metric's inputs."""
        told = {"stream": self.medium, "take": self.take, "item": self.item, "group": self.group, "every": self.every,
                "depth": self.depth}  # fmt: skip
        kept = {key: value for key, value in told.items() if value and (key, value) != ("every", "quarter")}
        return kept | ({"sites": [dict(one) for one in self.sites]} if self.sites else {})

    def at(self, sites: Iterable[Mapping[str, Any]]) -> "Wanted":
        """The same at those of a programme's sites that it means."""
        mine = (one for one in sites if one["medium"] == self.medium and self.group in ("", one.get("group") or ""))
        return replace(self, sites=tuple(_site(one) for one in mine))


def by_code(sites: Iterable[Site]) -> dict[str, dict[str, Any]]:
    return {told["code"]: told for told in map(dict, sites)}


def _site(told: Mapping[str, Any]) -> Site:
    return tuple((key, told[key]) for key in ASKED if told.get(key) is not None)


# What of a site an evaluation may ask for.
ASKED = ("code", "group", "body", "zone", "land", "area", "natural", "unmonitored", "simulated")


def named(name: str) -> Wanted:
    """From its name, without sites."""
    what, *more = name.split("&")
    medium, _, take = what.partition(":")
    told = dict(one.split("=", 1) for one in more)
    return Wanted(medium, take, told.get("item", ""), told.get("group", ""), depth=told.get("depth", ""))


def wanted(told: Mapping[str, Any]) -> Wanted:
    """From its plain form."""
    return Wanted(
        told["stream"], told["take"], told.get("item", ""), told.get("group", ""), told.get("every", "quarter"),
        told.get("depth", ""), tuple(map(_site, told.get("sites", ()))),
    )  # fmt: skip
