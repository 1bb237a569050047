"""What is measured in each medium: codes, names, the unit an item is kept in, and how headings call it.

Names and units come from the tables of the standards; `items.yaml` adds what those do not hold.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import yaml

from qingshan.standards.editions import edition

SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


@dataclass(frozen=True, slots=True)
class Item:
    """`whether`: not a number but whether it was there (0 or 1), such as a smell of groundwater. `of_the_law`: it stands in
    the table of its law."""

    code: str
    zh: str
    en: str
    unit: str
    also: tuple[str, ...] = ()
    whether: bool = False
    of_the_law: bool = False


@cache
def items(medium: str) -> dict[str, Item]:
    """The known items of a medium by their code, those of the law first."""
    told = yaml.safe_load((files(__package__) / "items.yaml").read_text(encoding="utf-8")).get(medium, {})
    found = {one.code: replace(one, of_the_law=True) for one in LAW.get(medium, lambda: ())()}
    for code, more in told.items():
        known = found.get(code)
        found[code] = Item(
            code, more.get("zh") or known.zh, more.get("en") or known.en, more.get("unit", known.unit if known else ""),
            tuple(more.get("also", ())), known is not None and known.whether, known is not None,
        )  # fmt: skip
    return found


def _water() -> Iterator[Item]:
    for code, told in edition("gb3838", code="gb3838-2002")["items"].items():
        unit = {"temp": "℃", "ph": ""}.get(code, told.get("unit", "mg/L"))
        yield Item(code, told["name"], told["name_en"], unit)


def _groundwater() -> Iterator[Item]:
    for code, told in edition("gbt14848", code="gbt14848-2017")["items"].items():
        yield Item(code, code, code, told["unit"], whether=bool(told.get("absent")))


def _soil() -> Iterator[Item]:
    """Acidity, elements of farmland by their symbol, contaminants of land for building by their name."""
    yield Item("pH", "pH值", "pH", "")
    farmland, building = edition("gb15618", code="gb15618-2018"), edition("gb36600", code="gb36600-2018")
    for code, told in farmland["screening"].items():
        yield Item(code, told["name"], code, "mg/kg")
    for code in farmland["selected"]:
        yield Item(code, code, code, "mg/kg")
    for code in (*building["basic"], *building["others"]):
        if code not in farmland["selected"]:
            yield Item(code, f"建设用地 {code}", code, "mg/kg")


def _sea() -> Iterator[Item]:
    for code, told in edition("gb3097", code="gb3097-1997")["items"].items():
        yield Item(code, code, code, "" if code == "pH" else told.get("unit", "mg/L"))


LAW = {"water": _water, "groundwater": _groundwater, "soil": _soil, "sea": _sea}


def plain(name: str) -> str:
    """A name for comparing: without spaces, width, case, and brackets' kinds."""
    text = unicodedata.normalize("NFKC", name).translate(SUBSCRIPTS).casefold()
    return re.sub(r"[\s_\-－]", "", text)


@cache
def _called(medium: str) -> dict[str, str]:
    """Plain name → code; a code goes before a name, an earlier item before a later one."""
    found: dict[str, str] = {}
    for one in items(medium).values():
        found.setdefault(plain(one.code), one.code)
    for one in items(medium).values():
        for name in (one.zh, one.en, *one.also):
            found.setdefault(plain(name), one.code)
    return found


def item_of(medium: str, name: str) -> Item | None:
    """The item that a name means, given by code, in either language, or as headings usually write it."""
    code = _called(medium).get(plain(name))
    return items(medium)[code] if code else None


UNITS_IN_HEADINGS = re.compile(
    r"^(?P<name>.+?)\s*[(（\[【](?P<unit>[^()（）\[\]【】]*(?:\([^()]*\))?[^()（）\[\]【】]*)[)）\]】]\s*[*＊]?$"
)
TAILS = {"ugm3": "μg/m³", "mgm3": "mg/m³", "mgl": "mg/L", "ugl": "μg/L", "pct": "%", "mm": "mm"}


def heading(text: str) -> tuple[str, str | None]:
    """A heading as (name, unit): 总磷（mg/L） → 总磷, mg/L; pm25_ugm3 → pm25, μg/m³. None where it gives no unit."""
    text = text.strip().rstrip("*＊").strip()
    if found := UNITS_IN_HEADINGS.match(text):
        return found["name"].strip(), found["unit"].strip()
    name, _, tail = text.rpartition("_")
    return (name, TAILS[tail]) if name and tail in TAILS else (text, None)
