"""Units: what each item is kept in, and the exact factors between what sources state and that."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from .naming import items

COLIFORMS = "MPN/100mL 或 CFU/100mL"  # as GB/T 14848 writes it
SAME = {
    **dict.fromkeys(("mpn/100ml", "cfu/100ml", "个/100ml", "mpn/100ml或cfu/100ml"), COLIFORMS),
    "ug/m3": "μg/m³",
    "mg/m3": "mg/m³",
    "degc": "℃",
    "°c": "℃",
    "c": "℃",
    "度": "℃",
    "无量纲": "",
    "-": "",
    "mg/l": "mg/L",
    "ug/l": "μg/L",
    "ng/l": "ng/L",
    "mg/kg": "mg/kg",
    "ug/kg": "μg/kg",
    "g/kg": "g/kg",
    "db": "dB(A)",
    "db(a)": "dB(A)",
    "dba": "dB(A)",
    "us/cm": "μS/cm",
    "ms/m": "mS/m",
    "ntu": "NTU",
    "cells/l": "cells/L",
    "个/l": "个/L",
    "mpn/l": "个/L",
    "cfu/l": "个/L",
    "毫米": "mm",
    "米": "m",
    "厘米": "cm",
    "psu": "‰",
    "mv": "mV",
    "ppt": "‰",
}
FACTORS = {
    ("μg/m³", "mg/m³"): Decimal("0.001"), ("mg/m³", "μg/m³"): Decimal(1000), ("mg/L", "mg/m³"): Decimal(1000),
    ("μg/L", "mg/m³"): Decimal(1), ("mg/m³", "mg/L"): Decimal("0.001"), ("μg/L", "mg/L"): Decimal("0.001"),
    ("mg/L", "μg/L"): Decimal(1000), ("ng/L", "μg/L"): Decimal("0.001"), ("ng/L", "mg/L"): Decimal("0.000001"),
    ("μg/kg", "mg/kg"): Decimal("0.001"), ("g/kg", "mg/kg"): Decimal(1000), ("mS/m", "μS/cm"): Decimal(10),
    ("cm", "m"): Decimal("0.01"), ("m", "cm"): Decimal(100), ("cm", "mm"): Decimal(10), ("m", "mm"): Decimal(1000),
    ("0.1mm", "mm"): Decimal("0.1"), (COLIFORMS, "个/L"): Decimal(10),
}  # fmt: skip


class NoConversion(ValueError):
    def __init__(self, item: str, given: str, kept: str):
        self.zh = f"“{item}”的单位是 {given or '无'}，入库单位是 {kept or '无'}，两者之间没有换算关系。"
        self.en = (
            f"{item} is given in {given or 'no unit'} and kept in {kept or 'no unit'}: there is no factor between them."
        )
        super().__init__(f"{self.zh} {self.en}")


def plain(unit: str) -> str:
    """A unit as it is written here, however a source writes it."""
    text = unicodedata.normalize("NFKC", unit).replace("μ", "u").replace("µ", "u").replace(" ", "")
    return SAME.get(text.casefold(), unit.strip())


@cache
def of_the_law(medium: str) -> Mapping[str, str]:
    """The unit of each item in the table of its law; empty for a medium without such a table."""
    return {code: one.unit for code, one in items(medium).items() if one.of_the_law}


@cache
def beside_the_law(medium: str) -> Mapping[str, str]:
    """The unit of each further item that is known."""
    return {code: one.unit for code, one in items(medium).items() if not one.of_the_law}


def kept_in(medium: str, item: str, given: str) -> str:
    """The unit an item is kept in; one that is not known is kept in that of its source."""
    known = items(medium).get(item)
    return known.unit if known else plain(given)


def factor(medium: str, item: str, given: str) -> Decimal:
    """By what a value in the unit `given` is multiplied to be kept. Raises NoConversion."""
    kept, given = kept_in(medium, item, given), plain(given)
    if plain(kept) == given:
        return Decimal(1)
    if (given, kept) not in FACTORS:
        raise NoConversion(item, given, kept)
    return FACTORS[given, kept]
