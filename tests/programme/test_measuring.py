"""sites.csv as data, and the measurements of a demonstration in the store."""

from datetime import date

import pytest

from qingshan.observations.assess.asking import Asked
from qingshan.observations.assess.histories import farmland_units
from qingshan.observations.media import MEDIA
from qingshan.observations.store import Store
from qingshan.programme.check import inspect
from qingshan.programme.loading import load
from qingshan.programme.measuring import measure

from .folder import JINSHAN, copied

HEAD = "code,medium,body,name,name_en,lon,lat,source\n"
STATION, SECTION = (
    "s-1,air,,点 1,Site 1,121.1,30.8,{source}\n",
    "w-1,water,river,断面 1,Section 1,121.2,30.8,{source}\n",
)


def folder(tmp_path, text: str = HEAD + STATION + SECTION, kind: str = "simulated"):
    to = copied(tmp_path)
    found = next(one.code for one in inspect(to)[0].sources if one.kind == kind)
    (to / "sites.csv").write_text(text.replace("{source}", found), "utf8")
    return to


def problems(tmp_path, text: str) -> list[tuple[int, str]]:
    return [(one.line, one.zh) for one in inspect(folder(tmp_path, text))[1] if one.file == "sites.csv"]


def test_a_folder_needs_no_sites_and_may_have_some(tmp_path):
    (copied(tmp_path / "a") / "sites.csv").unlink()
    assert inspect(tmp_path / "a")[0].sites == []
    assert problems(tmp_path / "b", HEAD + STATION + SECTION) == []


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("river", "", 3, "点位 w-1 须写明水体类型 body"),
    ("river", "canal", 3, "应为其中之一"),
    ("air,,", "air,lake,", 2, "介质是 air，不写 body，现为 lake"),
    ("121.2", "221.2", 3, "221.2, 30.8 超出 ±180"),
    ("w-1", "s-1", 3, "点位 s-1 重复"),
    ("30.8,{source}\nw", "30.8,nobody\nw", 2, "来源 nobody 不在"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_line(tmp_path, old, new, line, words):
    text = HEAD + STATION + SECTION
    assert text.count(old) == 1
    ((place, said),) = problems(tmp_path, text.replace(old, new))
    assert place == line and words in said


WIDE = "code,medium,group,body,zone,land,area,name,name_en,lon,lat,source\n"
EACH = {
    "groundwater": "park-a,,,,", "soil": ",,,paddy,", "noise": ",,4a,,", "sea": ",,,,12.5", "rain": ",,,,", "air": "park-a,,,,",
    "water": ",lake,,,",
}  # fmt: skip


def of_every_medium(**instead: str) -> str:
    told = EACH | instead
    return WIDE + "".join(f"s-{one},{one},{cells},点,Site,121.1,30.8,{{source}}\n" for one, cells in told.items())


def with_groups(to):
    place = to / "programme.yaml"
    place.write_text(place.read_text("utf8") + "groups:\n- {code: park-a, name: {zh: 园区甲, en: Park A}}\n", "utf8")
    return to


def test_a_site_of_every_medium_tells_what_its_law_asks(tmp_path):
    programme, found = inspect(with_groups(folder(tmp_path, of_every_medium())))
    assert found == [] and [one.medium for one in programme.sites] == list(EACH)


@pytest.mark.parametrize(("medium", "cells", "words"), [
    ("groundwater", ",,,,", "须写明所属园区 group"),
    ("groundwater", "park-b,,,,", "组 park-b 不在 programme.yaml 的 groups 中"),
    ("soil", ",,,,", "须写明土地用途 land"),
    ("noise", ",,,,", "须写明声环境功能区 zone"),
    ("sea", ",,,,", "须写明代表面积 area"),
    ("sea", ",,,,0", "须写明代表面积 area"),
    ("rain", ",,2,,", "介质是 rain，不写 zone，现为 2"),
    ("water", ",river,,,3", "介质是 water，不写 area，现为 3"),
    ("noise", ",,5,,", "应为其中之一"),
])  # fmt: skip
def test_what_a_site_lacks_or_has_too_much_is_said_at_its_line(tmp_path, medium, cells, words):
    found = inspect(with_groups(folder(tmp_path, of_every_medium(**{medium: cells}))))[1]
    assert [one.line for one in found] == [2 + list(EACH).index(medium)] and words in found[0].zh


UNITED = "code,medium,land,unit,name,name_en,lon,lat,source\n"
REGISTER = """registers:
- code: fields
  name: {zh: 耕地单元, en: Units of farmland}
  serves: farmland-units
  key: [no]
  fields:
  - {code: 'no', name: {zh: 编号, en: Number}, type: text, required: true}
  - {code: class, name: {zh: 类别, en: Class}, type: choice, choices: [{code: safe, zh: 优先保护类, en: Protected first}, {code: used, zh: 安全利用类, en: Used safely}, {code: strict, zh: 严格管控类, en: Strictly controlled}]}
  - {code: area, name: {zh: 面积, en: Area}, type: decimal}
  - {code: produce, name: {zh: 农产品点位, en: Points of produce}, type: int}
  - {code: produce_met, name: {zh: 其中达标, en: Within the limits}, type: int}
  - {code: produce_heavy, name: {zh: 其中重度超标, en: Heavily above}, type: int}
"""


def with_units(to):
    """The folder with a register of four units, one of them without a class."""
    (to / "registers.yaml").write_text(REGISTER, "utf8")
    source = next(one.code for one in inspect(to)[0].sources if one.kind == "simulated")
    rows = "".join(f"U{no},{code},2024-03-01,{source}\n" for no, code in enumerate(("safe", "used", "strict", "")))
    (to / "registers").mkdir()
    (to / "registers" / "fields.csv").write_text("no,class,known,source\n" + rows, "utf8")
    return to


@pytest.mark.parametrize(("land", "unit", "words"), [
    ("paddy", "U1", ""),
    ("paddy", "U9", "耕地单元 U9 不在 serves 为 farmland-units 的台账中"),
    ("class-1", "U1", "不是农用地土壤点位，不写 unit"),
])  # fmt: skip
def test_a_point_of_farmland_may_name_its_unit(tmp_path, land, unit, words):
    text = UNITED + f"s-1,soil,{land},{unit},点,Site,121.1,30.8,{{source}}\n"
    found = inspect(with_units(folder(tmp_path, text)))[1]
    assert [(one.file, one.line) for one in found] == [("sites.csv", 2)] * bool(words)
    assert all(words in one.zh for one in found)


PLANNED = "code,medium,body,unmonitored,name,name_en,lon,lat,source\n"


@pytest.mark.parametrize(("site", "words"), [
    ("air,,CO", ""), ("air,,CO 2026-03-01/2027-12-31、SO2", ""),
    ("air,,NH3", "点位 s-1 的 unmonitored：“NH3”应为 SO2"), ("air,,CO 2026/", "日期应写作 2026-03-01"),
    ("water,river,CO", "介质是 water，不写 unmonitored，现为 CO"),
])  # fmt: skip
def test_a_station_of_air_may_say_what_it_need_not_monitor(tmp_path, site, words):
    found = problems(tmp_path, PLANNED + f"s-1,{site},点,Site,121.1,30.8,{{source}}\n")
    assert [line for line, _said in found] == [2] * bool(words) and all(words in said for _line, said in found)


NATURAL = "code,medium,area,body,natural,name,name_en,lon,lat,source\n"


@pytest.mark.parametrize(("site", "words"), [
    ("sea,40,,30.5", ""), ("sea,40,,0", ""), ("sea,40,,", ""), ("sea,40,,-1", "自然值 natural 为 -1，应不小于 0（mg/L）"),
    ("water,,river,30", "介质是 water，不写 natural，现为 30"),
])  # fmt: skip
def test_a_station_of_the_sea_may_tell_the_natural_value_of_suspended_matter(tmp_path, site, words):
    found = problems(tmp_path, NATURAL + f"s-1,{site},点,Site,121.1,30.8,{{source}}\n")
    assert [line for line, _said in found] == [2] * bool(words) and all(words in said for _line, said in found)


@pytest.mark.django_db
def test_soil_of_a_unit_is_simulated_by_its_class(tmp_path):
    rows = "".join(f"s-{no},soil,paddy,U{no},点,Site,121.1,30.8,{{source}}\n" for no in range(4))
    programme = load(with_units(folder(tmp_path / "folder", UNITED + rows)))
    measure(programme, date(2025, 10, 31), str(tmp_path / "store"))
    properties = tuple((f"s-{no}", (("land", "paddy"), ("unit", f"U{no}"))) for no in range(4))
    asked = Asked.of(str(tmp_path / "store"), "soil", tuple(site for site, _told in properties))
    units = farmland_units(asked, properties, date(2025, 10, 31))
    assert [units[f"U{no}"].no for no in range(4)] == [0, 1, 2, 0]
    assert farmland_units(asked, properties, date(2022, 12, 31)) == {}


@pytest.mark.django_db
def test_what_sites_tell_is_kept_with_the_programme(tmp_path):
    programme = load(with_groups(folder(tmp_path / "folder", of_every_medium())))
    kept = {one["medium"]: one for one in programme.about["sites"]}
    assert (kept["soil"]["land"], kept["noise"]["zone"], kept["sea"]["area"]) == ("paddy", "4a", "12.5")
    assert kept["groundwater"]["group"] == "park-a" and kept["rain"]["group"] is None
    assert programme.about["groups"] == [{"code": "park-a", "name": "园区甲", "name_en": "Park A"}]
    measured = measure(programme, date(2025, 3, 31), str(tmp_path / "store"))
    assert measured.new == Store(tmp_path / "store").snapshot().rows


@pytest.mark.django_db
def test_a_demonstration_is_measured_once(tmp_path):
    programme = load(folder(tmp_path / "folder"))
    assert [one["simulated"] for one in programme.about["sites"]] == [True, True]
    first, again = (measure(programme, date(2025, 3, 31), str(tmp_path / "store")) for _ in range(2))
    assert first.new > 24 * 6 * 365 and (again.new, again.corrected) == (0, 0)
    assert Store(tmp_path / "store").snapshot().rows == first.new


@pytest.mark.django_db
def test_nothing_is_made_up_for_a_real_site(tmp_path):
    programme = load(folder(tmp_path / "folder", kind="office"))
    assert measure(programme, date(2025, 3, 31), str(tmp_path / "store")) is None
    assert not (tmp_path / "store").exists()


def test_what_jinshan_makes_up_is_called_simulated():
    found = inspect(JINSHAN)[0]
    kinds = {one.code: one.kind for one in found.sources}
    assert {one.medium for one in found.sites} == set(MEDIA) and {kinds[one.source] for one in found.sites} == {
        "simulated"
    }
    assert all("模拟" in one.name and "Simulated" in one.name_en for one in found.sites)


def test_the_monitoring_body_may_be_named_and_must_be_one_of_the_bodies(tmp_path, db):
    to = folder(tmp_path)
    head = to / "programme.yaml"
    told = head.read_text("utf8")
    body = inspect(to)[0].bodies[0].code
    head.write_text(told + f"monitoring: {body}\n", "utf8")
    assert inspect(to)[1] == [] and load(to).about["monitoring"] == body
    head.write_text(told + "monitoring: nobody\n", "utf8")
    assert any("nobody" in one.zh for one in inspect(to)[1])
