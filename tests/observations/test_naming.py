import pytest

from qingshan.observations.media import MEDIA
from qingshan.observations.naming import heading, item_of, items


@pytest.mark.parametrize(
    ("medium", "name", "code"),
    [
        ("air", "PM2.5", "PM25"), ("air", "PM₂.₅", "PM25"), ("air", "pm2_5", "PM25"), ("air", "臭氧", "O3"), ("air", "ＮＯ２", "NO2"),
        ("water", "总磷", "tp"), ("water", "NH3-N", "nh3n"), ("water", "高锰酸盐指数", "codmn"), ("water", "铬（六价）", "cr6"), ("water", "CODCr", "cod"),
        ("groundwater", "耗氧量", "耗氧量"), ("sea", "无机氮", "无机氮"), ("soil", "Cd", "Cd"), ("soil", "砷", "砷"), ("noise", "LAeq", "Leq"),
    ],
)  # fmt: skip
def test_an_item_is_known_by_the_names_that_headings_give_it(medium, name, code):
    assert item_of(medium, name).code == code and item_of(medium, "奶酪") is None


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("总磷（mg/L）", "总磷", "mg/L"), ("总磷 (mg/L)*", "总磷", "mg/L"), ("等效声级（dB(A)）", "等效声级", "dB(A)"), ("pm25_ugm3", "pm25", "μg/m³"),
        ("PM2.5", "PM2.5", None), ("pm2_5", "pm2_5", None), ("铬（六价）（mg/L）", "铬（六价）", "mg/L"),
    ],
)  # fmt: skip
def test_a_heading_is_a_name_and_a_unit(text, name, unit):
    assert heading(text) == (name, unit)


@pytest.mark.parametrize("medium", MEDIA)
def test_every_item_is_found_by_its_code_and_has_names(medium):
    for code, one in items(medium).items():
        assert item_of(medium, code) == one and one.zh and one.en
