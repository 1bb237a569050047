"""sites.csv as data, and the measurements of a demonstration in the store."""

from datetime import date

import pytest

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
    ("river", "", 3, "断面 w-1 须写明水体类型 body"),
    ("river", "canal", 3, "应为其中之一"),
    ("air,,", "air,lake,", 2, "空气点位不写"),
    ("121.2", "221.2", 3, "221.2, 30.8 超出 ±180"),
    ("w-1", "s-1", 3, "点位 s-1 重复"),
    ("30.8,{source}\nw", "30.8,nobody\nw", 2, "来源 nobody 不在"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_line(tmp_path, old, new, line, words):
    text = HEAD + STATION + SECTION
    assert text.count(old) == 1
    ((place, said),) = problems(tmp_path, text.replace(old, new))
    assert place == line and words in said


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
    assert len(found.sites) == 10 and {kinds[one.source] for one in found.sites} == {"simulated"}
    assert all("模拟" in one.name and "Simulated" in one.name_en for one in found.sites)
