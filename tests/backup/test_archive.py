import json
import re
import stat
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingshan.backup.archive import BLOCK, FORMAT, Unfit, opened, staging, written

TABLE, FILE = "tables/plan.task.jsonl", "files/evidence/ab/abcdef"


def make(place: Path, parts: dict[str, bytes], *, told: dict[str, bytes] | None = None, **manifest) -> Path:
    """An archive with a seal that holds. `told`: what the manifest says of the parts, where that is not what they are."""
    with written(place) as archive:
        known = {}
        for name, content in parts.items():
            known[name] = archive.add(name, [content])._asdict()
        if told is not None:
            known = {name: known[name] for name in told}
        tables = [one for name, one in known.items() if name.startswith("tables/")]
        archive.close({"tables": tables, "files": [one for one in known.values() if one not in tables], **manifest})
    return place


def read(place: Path) -> dict[str, bytes]:
    with opened(place) as archive:
        return {name: b"".join(archive.lines(name)) for name in archive.parts}


def test_what_is_written_is_read_again_and_only_its_owner_may_read_it(tmp_path):
    parts = {TABLE: b"[1]\n[2]\n", FILE: b"\x89PNG" * 1000, "observations/_delta_log/0.json": b"{}"}
    place = make(tmp_path / "b.zip", parts)
    assert read(place) == parts
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]
    assert zipfile.ZipFile(place).testzip() is None  # any tool can open it


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> bytes:
    return make(tmp_path_factory.mktemp("small") / "b.zip", {TABLE: b"[1]\n", FILE: b"abc"}).read_bytes()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_anywhere_is_refused(small, tmp_path, data):
    at, bit = data.draw(st.integers(0, len(small) - 1)), data.draw(st.integers(0, 7))
    damaged = bytearray(small)
    damaged[at] ^= 1 << bit
    (tmp_path / "d.zip").write_bytes(damaged)
    with pytest.raises(Unfit) as refused:
        read(tmp_path / "d.zip")
    assert re.search("损坏|不是青山的备份", refused.value.zh)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_cut_short_or_grown_is_refused(small, tmp_path, data):
    cut = data.draw(st.integers(0, len(small) - 1))
    for content in (small[:cut], small + data.draw(st.binary(min_size=1, max_size=99))):
        (tmp_path / "d.zip").write_bytes(content)
        with pytest.raises(Unfit):
            read(tmp_path / "d.zip")


def test_damage_is_told_with_both_numbers(small, tmp_path):
    (tmp_path / "d.zip").write_bytes(small[:40] + b"?" + small[41:])
    with pytest.raises(Unfit, match=r"封印为 [0-9a-f]{12}….*校验值却是 [0-9a-f]{12}…"):
        read(tmp_path / "d.zip")


def test_a_foreign_zip_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as foreign:
        foreign.writestr("a.txt", "a")
    for place in (tmp_path / "f.zip", tmp_path):
        with pytest.raises(Unfit):
            read(place)


NAMES = [
    "files/../../etc/passwd",
    "/files/a",
    "files//a",
    "files/./a",
    "files\\..\\a",
    "files/c:a",
    "tables/../x.jsonl",
    "a",
    "files/a\n",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_is_refused_though_the_seal_holds(tmp_path, name):
    place = make(tmp_path / "b.zip", {name: b"x"})
    with pytest.raises(Unfit, match="不安全"):
        read(place)


def test_what_the_manifest_does_not_name_is_refused(tmp_path):
    place = make(tmp_path / "b.zip", {TABLE: b"[1]\n", FILE: b"x"}, told={TABLE: b""})
    with pytest.raises(Unfit, match="列有 2 个文件，压缩包里有 3 个"):
        read(place)


def test_a_part_that_is_not_as_the_manifest_says_is_refused(tmp_path):
    with written(tmp_path / "b.zip") as archive:
        one = archive.add(TABLE, [b"[1]\n"])._asdict()
        archive.close({"tables": [one | {"sha256": "0" * 64}], "files": []})
    with pytest.raises(Unfit, match="与清单不符"):
        read(tmp_path / "b.zip")


@pytest.mark.parametrize(
    "manifest",
    [[], {}, {"format": FORMAT, "edition": 2}, {"format": FORMAT, "edition": 1, "tables": [{}], "files": []}],
)
def test_a_manifest_of_another_shape_is_refused(tmp_path, manifest):
    with written(tmp_path / "b.zip") as archive:
        archive.add("manifest.json", [json.dumps(manifest).encode()])
    with pytest.raises(Unfit):
        read(tmp_path / "b.zip")


def test_an_old_backup_is_never_overwritten(tmp_path):
    (tmp_path / "b.zip").write_bytes(b"old")
    with pytest.raises(Unfit, match="不覆盖"):
        make(tmp_path / "b.zip", {})
    assert (tmp_path / "b.zip").read_bytes() == b"old"


def test_a_backup_that_fails_leaves_no_file(tmp_path):
    with pytest.raises(ZeroDivisionError), written(tmp_path / "b.zip") as archive:
        archive.add(TABLE, (bytes(1 // n) for n in (1, 0)))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Unfit, match="没有写成"):
        make(tmp_path / "nowhere" / "b.zip", {})


def test_files_come_out_for_their_owner_alone_and_the_stage_is_cleared(tmp_path):
    place = make(tmp_path / "b.zip", {FILE: b"abc"})
    with opened(place) as archive, staging(tmp_path) as stage:
        archive.extract(FILE, stage)
        assert (stage / FILE).read_bytes() == b"abc"
        assert stat.S_IMODE((stage / FILE).stat().st_mode) == 0o600
    assert not stage.exists()


def test_memory_does_not_grow_with_a_part(tmp_path):
    def peak(blocks: int) -> int:
        place = tmp_path / f"{blocks}.zip"
        tracemalloc.start()
        with written(place) as archive:
            one = archive.add(FILE, (bytes([n % 251]) * BLOCK for n in range(blocks)))._asdict()
            archive.close({"tables": [], "files": [one]})
        with opened(place) as archive, staging(tmp_path) as stage:
            archive.extract(FILE, stage)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(40) < 1.5 * peak(4)
