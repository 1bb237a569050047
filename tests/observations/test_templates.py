"""Templates: what is filled in comes back, item by item, in the unit that the heading names."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from qingshan.observations.cells import top
from qingshan.observations.importing import read
from qingshan.observations.mapping import recognised, source
from qingshan.observations.media import MEDIA
from qingshan.observations.naming import items
from qingshan.observations.templates import heading, listed, workbook

WHEN = datetime(2025, 1, 2, 8)  # noqa: DTZ001 local standard time of the site


def fill(medium: str, place, cells: dict, sites=()):
    book = load_workbook(BytesIO(workbook(medium, sites)))
    sheet = book.worksheets[0]
    heads = [one.value for one in sheet[1]]
    for head, value in cells.items():
        sheet.cell(2, heads.index(head) + 1, value)
    book.save(place)
    return book


@pytest.mark.parametrize("medium", MEDIA)
def test_a_filled_template_is_read_back_whole(medium, tmp_path):
    place, known = tmp_path / "f.xlsx", listed(medium)
    values = {heading(one): "无" if one.whether else 11 + number / 100 for number, one in enumerate(known)}
    fill(medium, place, {"点位*": "甲", "时间*": date(2025, 1, 2) if medium == "rain" else WHEN, **values})
    found = read(place, recognised(top(place)))
    told = {one["item"]: (one["value"], one["unit"]) for one in found.rows.to_pylist()}
    assert found.faults == [] and found.rows["source"][0].as_py() == f"template-{medium}"
    assert told == {
        one.code: (Decimal(0) if one.whether else 11 + Decimal(number) / 100, one.unit)
        for number, one in enumerate(known)
    }
    assert set(found.rows["time"].to_pylist()) == {datetime(2025, 1, 2) if medium == "rain" else WHEN}  # noqa: DTZ001


def test_a_state_chosen_from_the_list_becomes_a_flag_and_limits_are_told(tmp_path):
    place = tmp_path / "f.xlsx"
    fill(
        "water",
        place,
        {"点位*": "甲", "时间*": WHEN, "状态": "维护", "总磷 tp（mg/L）": "<0.01", "氨氮 nh3n（mg/L）": "0.025L"},
    )
    told = {
        one["item"]: one for one in read(place, source("template-water")).rows.to_pylist() if one["value"] is not None
    }
    assert {item: (one["value"], one["below"], one["flag"]) for item, one in told.items()} == {
        "tp": (Decimal("0.01"), True, "maintenance"), "nh3n": (Decimal("0.025"), True, "maintenance"),
    }  # fmt: skip


def test_a_template_offers_states_and_declared_sites_and_says_how_to_fill_each_column():
    book = load_workbook(BytesIO(workbook("noise", ["=甲", "乙"])))
    sheet, notes = book.worksheets
    rules = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert rules["A2:A20000"] == "=说明!$C$2:$C$3" and "维护" in rules["C2:C20000"]
    assert all(one.comment.text for one in sheet[1]) and "dB(A)" in sheet["D1"].value
    assert (notes["C2"].value, notes["C2"].data_type) == ("=甲", "s")


def test_plain_tables_are_read_for_every_medium(tmp_path):
    for medium in MEDIA:
        one = next(iter(items(medium).values()))
        when, value = ("2025-01-02", "无" if one.whether else "7.5") if medium != "air" else ("2025-01-02 08:00", "7.5")
        long, wide = tmp_path / "long.csv", tmp_path / "wide.csv"
        long.write_text(f"site,item,time,value,unit\nS,{one.code},{when},{value},{one.unit}\n", encoding="utf-8")
        wide.write_text(f"site,time,{one.code}\nS,{when},{value}\n", encoding="utf-8")
        rows = [
            read(place, source(f"{form}-{medium}")).rows.to_pylist() for form, place in (("long", long), ("wide", wide))
        ]
        assert [[(row["item"], row["value"], row["unit"]) for row in found] for found in rows] == [
            [(one.code, Decimal(value), one.unit)]
        ] * 2
