"""The archive of a backup: a zip whose last bytes are a seal over all bytes before them.

    manifest.json            what it holds: version, migrations, and for each part its rows, size and SHA-256
    tables/APP.MODEL.jsonl   one row a line, its values in the order of the manifest's columns
    FOLDER/…                 files as they stood

A part is written and read as a stream, so memory stays flat however large it is.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

FORMAT = "qingshan-backup"
EDITION = 1
MARK = f"{FORMAT} sha256:".encode()
HEX = 64
MANIFEST = "manifest.json"
MOST_MANIFEST = 512 * 2**20
BLOCK = 2**20
TABLE = re.compile(r"tables/[a-z_]+\.[a-z0-9_]+\.jsonl")

Watch = Callable[[Iterable], Iterable]


class Unfit(Exception):
    """An archive that cannot be used, or a home that cannot take it. Carries the sentence, in Chinese and in English."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


class Part(NamedTuple):
    """One member of the archive: its name, size [bytes] and SHA-256 [hex]."""

    name: str
    size: int
    sha256: str


# --- writing


@contextmanager
def written(place: Path) -> Iterator["Writer"]:
    """An archive that is there whole once all went well, and not at all otherwise; only its owner may read it."""
    if place.exists():
        raise Unfit(
            f"{place} 已经存在，备份不覆盖旧文件，请换一个文件名。",
            f"{place} exists; a backup overwrites nothing. Choose another name.",
        )
    try:
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")  # readable by its owner alone
    except OSError as failure:
        raise _unwritable(place, failure) from failure
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.comment = MARK + b"0" * HEX
                yield Writer(packed)
            _seal(file)
        os.replace(name, place)
    except OSError as failure:
        raise _unwritable(place, failure) from failure
    finally:
        Path(name).unlink(missing_ok=True)


def _unwritable(place: Path, failure: OSError) -> Unfit:
    reason = failure.strerror or type(failure).__name__
    return Unfit(
        f"备份没有写成 {place}（{reason}），没有留下文件。",
        f"The backup {place} was not written: {reason}. No file was left.",
    )


def _seal(file: IO[bytes]) -> None:
    size = file.seek(0, os.SEEK_END)
    digest = _digest(file, size - HEX)
    file.seek(size - HEX)
    file.write(digest.encode())
    file.flush()
    os.fsync(file.fileno())


def _digest(file: IO[bytes], size: int) -> str:
    """SHA-256 [hex] over the first `size` bytes."""
    file.seek(0)
    digest = hashlib.sha256()
    while size and (block := file.read(min(BLOCK, size))):
        digest.update(block)
        size -= len(block)
    return digest.hexdigest()


class Writer:
    """Adds parts one after the other; `close` adds the manifest that names them all."""

    def __init__(self, packed: zipfile.ZipFile):
        self._packed = packed

    def add(self, name: str, blocks: Iterable[bytes], *, packed: bool = True) -> Part:
        """A part of these bytes. `packed=False` for what is compressed already."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        size, digest = 0, hashlib.sha256()
        with self._packed.open(info, "w", force_zip64=True) as out:
            for block in blocks:
                out.write(block)
                digest.update(block)
                size += len(block)
        return Part(name, size, digest.hexdigest())

    def close(self, manifest: dict[str, Any]) -> None:
        told = {"format": FORMAT, "edition": EDITION, **manifest}
        self.add(MANIFEST, [json.dumps(told, ensure_ascii=False, indent=1).encode()])


def blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


# --- reading


@contextmanager
def opened(place: Path) -> Iterator["Reader"]:
    """An archive whose seal holds. Raises Unfit for one that is damaged, cut off or not ours."""
    try:
        with place.open("rb") as file:
            _hold_against_seal(place, file)
            with zipfile.ZipFile(file) as packed:
                yield Reader(packed)
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise Unfit(f"打不开 {place}（{reason}）。", f"{place} cannot be opened: {reason}.") from failure
    except zipfile.BadZipFile as broken:
        raise Unfit(f"{place} 不是完整的备份（{broken}）。", f"{place} is no whole backup ({broken}).") from broken


def _hold_against_seal(place: Path, file: IO[bytes]) -> None:
    size = file.seek(0, os.SEEK_END)
    tail = len(MARK) + HEX
    file.seek(max(0, size - tail))
    end = file.read(tail)
    if not end.startswith(MARK) or len(end) < tail:
        raise Unfit(
            f"{place} 不是青山的备份，或者末尾缺损：文件有 {size} 字节，末尾没有备份的封印。",
            f"{place} is no backup of Qingshan, or its end is missing: {size} bytes, without a backup's seal at the end.",
        )
    stored, found = end[-HEX:].decode("ascii", "replace"), _digest(file, size - HEX)
    if stored != found:
        raise Unfit(
            f"备份 {place} 已损坏：封印为 {stored[:12]}…，内容的校验值却是 {found[:12]}…。没有写入任何内容，请换一份备份。",
            f"The backup {place} is damaged: its seal is {stored[:12]}…, its content gives {found[:12]}…. Nothing was written; use another copy.",
        )


class Reader:
    """An opened archive. Its manifest and its members agree with each other."""

    def __init__(self, packed: zipfile.ZipFile):
        self._packed = packed
        self.manifest = self._manifest()
        self.parts = {one.name: one for one in map(_part, [*self.manifest["tables"], *self.manifest["files"]])}
        self._agree()

    def _manifest(self) -> dict[str, Any]:
        try:
            info = self._packed.getinfo(MANIFEST)
            told = json.loads(self._packed.read(info)) if info.file_size <= MOST_MANIFEST else {}
        except (KeyError, ValueError, RecursionError):
            told = {}
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise Unfit("备份中没有可读的清单 manifest.json。", "The backup has no readable manifest.json.")
        if told.get("edition") != EDITION:
            raise Unfit(
                f"备份格式是第 {told.get('edition')} 版，本程序读第 {EDITION} 版，请用作备份时的程序版本恢复。",
                f"The backup has format {told.get('edition')}, this version reads {EDITION}; restore it with the version that made it.",
            )
        return told

    def _agree(self) -> None:
        names = self._packed.namelist()
        told = {*self.parts, MANIFEST}
        if len(names) != len(set(names)) or set(names) != told or len(told) != len(self.manifest["tables"]) + len(self.manifest["files"]) + 1:  # fmt: skip
            raise Unfit(
                f"备份清单列有 {len(told)} 个文件，压缩包里有 {len(names)} 个，两者不一致。",
                f"The manifest names {len(told)} members, the archive has {len(names)}; they disagree.",
            )
        for name in self.parts:
            if not (TABLE.fullmatch(name) or _inside(name)):
                raise Unfit(
                    f"备份中的文件名 {name[:80]} 不安全，拒绝恢复。",
                    f"The member name {name[:80]} is not safe; refused.",
                )

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a table. Raises Unfit at its end where it is not as the manifest says."""
        with self._packed.open(name) as file:
            yield from _checked(file, self.parts[name])

    def extract(self, name: str, place: Path) -> None:
        """Write a file below the folder `place`, readable by its owner alone."""
        target = place / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._packed.open(name) as file, target.open("xb") as out:
            target.chmod(0o600)
            for block in _checked(iter(lambda: file.read(BLOCK), b""), self.parts[name]):
                out.write(block)


def _part(told: dict[str, Any]) -> Part:
    try:
        return Part(str(told["name"]), int(told["size"]), str(told["sha256"]))
    except (KeyError, TypeError, ValueError):
        raise Unfit("备份清单写法不对，拒绝恢复。", "The backup's manifest is malformed; refused.") from None


def _inside(name: str) -> bool:
    """Whether a member's name leads to a place below a folder and nowhere else."""
    steps = name.split("/")
    plain = all(step not in ("", ".", "..") and not re.search(r"[\\:\x00-\x1f]", step) for step in steps)
    return len(steps) > 1 and steps[0] != "tables" and plain and not PurePosixPath(name).is_absolute()


def _checked(blocks: Iterable[bytes], part: Part) -> Iterator[bytes]:
    size, digest = 0, hashlib.sha256()
    for block in blocks:
        size += len(block)
        if size > part.size:
            break
        digest.update(block)
        yield block
    if (size, digest.hexdigest()) != (part.size, part.sha256):
        raise Unfit(
            f"备份中的 {part.name} 与清单不符：清单为 {part.size} 字节，实为 {size} 字节，或内容已变。没有写入任何内容。",
            f"{part.name} is not as the manifest says: {part.size} bytes there, {size} here, or other content. Nothing was written.",
        )


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """A folder of one's own beside what it will replace; gone afterwards with what was left in it."""
    place = Path(tempfile.mkdtemp(dir=home, prefix=".restore-"))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
