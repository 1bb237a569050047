"""Units: what each item is kept in, and the exact factors between what sources state and that."""

from decimal import Decimal
from functools import cache

from qingshan.standards.editions import editions

# medium → item → unit it is kept in; items that neither stand here nor in the table of their law are kept as their source gives them
KEPT_IN = {
    "air": dict.fromkeys(("SO2", "NO2", "O3", "PM10", "PM25", "NOx", "TSP"), "μg/m³") | {"CO": "mg/m³"},
    "water": {"chla": "mg/m³", "sd": "m", "orp": "mV", "depth": "m", "flow": "m³/s"},
    "rain": {"rain": "mm"},
    "noise": dict.fromkeys(("Leq", "Lmax", "Ld", "Ln", "background"), "dB(A)"),
}
TABLES = {"water": (("gb3838", "items"),), "groundwater": (("gbt14848", "items"),), "sea": (("gb3097", "items"),),
          "soil": (("gb15618", "screening"), ("gb15618", "selected"), ("gb36600", "basic"), ("gb36600", "others"))}  # fmt: skip
USUAL = {"water": "mg/L", "groundwater": "mg/L", "sea": "mg/L", "soil": "mg/kg"}  # where the table names none
SAME = {
    "ug/m3": "μg/m³",
    "µg/m³": "μg/m³",
    "µg/m3": "μg/m³",
    "μg/m3": "μg/m³",
    "mg/m3": "mg/m³",
    "degC": "℃",
    "°C": "℃",
    "mg/l": "mg/L",
    "ug/L": "μg/L",
    "ug/kg": "μg/kg",
    "dBA": "dB(A)",
    "dB": "dB(A)",
}
FACTORS = {
    ("μg/m³", "mg/m³"): Decimal("0.001"), ("mg/m³", "μg/m³"): Decimal(1000), ("mg/L", "mg/m³"): Decimal(1000),
    ("μg/L", "mg/m³"): Decimal(1), ("mg/m³", "mg/L"): Decimal("0.001"), ("μg/L", "mg/L"): Decimal("0.001"),
    ("cm", "m"): Decimal("0.01"), ("m", "cm"): Decimal(100), ("mg/L", "μg/L"): Decimal(1000),
    ("μg/kg", "mg/kg"): Decimal("0.001"), ("g/kg", "mg/kg"): Decimal(1000),
}  # fmt: skip


class NoConversion(ValueError):
    def __init__(self, item: str, given: str, kept: str):
        super().__init__(item, given, kept)
        self.zh = f"“{item}”的单位是 {given or '无'}，入库单位是 {kept or '无'}，两者之间没有换算关系。"
        self.en = (
            f"{item} is given in {given or 'no unit'} and kept in {kept or 'no unit'}: there is no factor between them."
        )


def plain(unit: str) -> str:
    """A unit as it is written here."""
    return SAME.get(unit, unit)


@cache
def of_the_law(medium: str) -> dict[str, str]:
    """The unit of each item in the table of its law; empty for a medium without such a table."""
    found = {"pH": ""} if medium == "soil" else {}
    for family, part in TABLES.get(medium, ()):
        for item, told in editions(family)[-1][part].items():
            bare = isinstance(told, dict) and told.get("op") == "range"
            unit = told.get("unit", "" if bare else USUAL[medium]) if isinstance(told, dict) else USUAL[medium]
            found[item] = plain(unit)
    return found


def kept_in(medium: str, item: str, given: str) -> str:
    """The unit an item is kept in."""
    return (of_the_law(medium) | KEPT_IN.get(medium, {})).get(item, plain(given))


def factor(medium: str, item: str, given: str) -> Decimal:
    """By what a value in the unit `given` is multiplied to be kept. Raises NoConversion."""
    kept, given = kept_in(medium, item, given), plain(given)
    if kept == given:
        return Decimal(1)
    if (given, kept) not in FACTORS:
        raise NoConversion(item, given, kept)
    return FACTORS[given, kept]
