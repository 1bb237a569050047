"""Paragraphs and tables of a .docx in the order of the page.

The parts are read with lxml as they stand in the package: python-docx would load styles, themes and pictures too, which
costs as much again as everything else here and gives the text nothing.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib

from lxml import etree

from . import Unreadable

INFLATED_LIMIT = 200 * 2**20
ENTRIES_LIMIT = 5000
_BROKEN = ("文件不是有效的 .docx 文档，可能已损坏。", "The file is not a valid .docx document; it may be damaged.")
_ZIP_ERRORS = (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, KeyError)


def text(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
            return "\n".join(_blocks(*_parts(archive)))
    except (*_ZIP_ERRORS, zlib.error, etree.LxmlError) as error:
        raise Unreadable(*_BROKEN) from error


_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _R, _T, _TAB = f"{_W}p", f"{_W}tbl", f"{_W}r", f"{_W}t", f"{_W}tab"
_WORDS = (_T, _TAB, f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen")


def _check(archive: zipfile.ZipFile):
    """Refuse what is no document, or would inflate beyond measure by what it declares."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(name.startswith("word/") for name in names):
        raise Unreadable(
            "这是压缩包或其他格式，不是 .docx 文档。", "This is an archive or another format, not a .docx document."
        )
    if len(entries) > ENTRIES_LIMIT:
        raise Unreadable(
            f"文档内有 {len(entries)} 个部件，超过上限 {ENTRIES_LIMIT} 个。",
            f"The document has {len(entries)} parts, more than the limit of {ENTRIES_LIMIT}.",
        )
    _too_big(sum(entry.file_size for entry in entries))


def _parts(archive: zipfile.ZipFile):
    """The main part and, where there is one, the numbering part, as trees."""
    main = _main_part(archive)
    numbering = posixpath.join(posixpath.dirname(main), "numbering.xml")
    return _tree(archive, main), _tree(archive, numbering) if numbering in archive.namelist() else None


def _main_part(archive: zipfile.ZipFile) -> str:
    if "_rels/.rels" in archive.namelist():
        for relation in _tree(archive, "_rels/.rels"):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                return (relation.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _tree(archive: zipfile.ZipFile, name: str):
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(_inflated(archive, name), parser)


def _inflated(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part, inflated no further than the limit whatever size it declares."""
    with archive.open(name) as stream:
        data = stream.read(INFLATED_LIMIT + 1)
    _too_big(len(data))
    return data


def _too_big(total: int):
    if total > INFLATED_LIMIT:
        raise Unreadable(
            f"文档解压后有 {total / 2**20:.0f} MB，超过上限 {INFLATED_LIMIT // 2**20} MB，已拒绝打开。",
            f"Inflated the document has {total / 2**20:.0f} MB, more than the limit of {INFLATED_LIMIT // 2**20} MB; it was not opened.",
        )


def _blocks(main, numbering):
    """Paragraphs and tables in the order of the page; a table row is one line, its cells parted by tabs."""
    etree.strip_elements(main, _FALLBACK, with_tail=False)
    numbers = _Numbering(numbering)
    for element in main.iter(_P, _TBL):
        if _within(element, _TBL, _P):
            continue
        if element.tag == _TBL:
            yield from _rows(element)
        else:
            yield numbers.of(element) + _words(element)


def _within(element, *tags: str) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _words(element) -> str:
    return "".join(_word(node) for node in element.iter(*_WORDS))


def _word(node) -> str:
    if node.tag == _T:
        return node.text or ""
    if node.tag == _TAB:
        return " " if node.getparent().tag == _R else ""
    return "-" if node.tag == _WORDS[-1] else "\n"


def _rows(table):
    for row in table.iter(f"{_W}tr"):
        cells = [
            "".join(_words(p) for p in cell.iter(f"{_W}p")).replace("\n", "").replace("\t", " ")
            for cell in row.iterchildren(f"{_W}tc")
        ]
        if any(cells):
            yield "\t".join(cells)


class _Numbering:
    """Numbers that Word itself writes before a paragraph (一、 （一） 1.), which the text does not hold."""

    _CN = "零一二三四五六七八九"

    def __init__(self, root):
        self.levels, self.counts = {}, {}
        if root is not None:
            self._learn(root)

    def _learn(self, root):
        abstract = {item.get(f"{_W}abstractNumId"): item for item in root.iterchildren(f"{_W}abstractNum")}
        for num in root.iterchildren(f"{_W}num"):
            base = num.find(f"{_W}abstractNumId")
            source = abstract.get(base.get(f"{_W}val")) if base is not None else None
            for level in source.iterchildren(f"{_W}lvl") if source is not None else ():
                form, words = level.find(f"{_W}numFmt"), level.find(f"{_W}lvlText")
                if form is not None and words is not None:
                    key = (num.get(f"{_W}numId"), level.get(f"{_W}ilvl"))
                    self.levels[key] = (form.get(f"{_W}val"), words.get(f"{_W}val") or "")

    def of(self, paragraph) -> str:
        if not self.levels:
            return ""
        held = paragraph.find(f"{_W}pPr/{_W}numPr")
        if held is None:
            return ""
        num, level = held.find(f"{_W}numId"), held.find(f"{_W}ilvl")
        key = (num.get(f"{_W}val") if num is not None else None, level.get(f"{_W}val") if level is not None else "0")
        if key not in self.levels:
            return ""
        return self._next(key)

    def _next(self, key) -> str:
        form, words = self.levels[key]
        self.counts[key] = self.counts.get(key, 0) + 1
        for other in self.counts:
            if other[0] == key[0] and other[1] > key[1]:
                self.counts[other] = 0
        if form in ("bullet", "none"):
            return ""
        number = self._written(form, self.counts[key])
        return re.sub(r"%\d", number, words, count=1) if words.count("%") == 1 else ""

    def _written(self, form: str, n: int) -> str:
        if form in (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "ideographDigital",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
        ):
            return self._chinese(n)
        if form == "decimalEnclosedCircle" and n <= 20:
            return chr(0x245F + n)
        return str(n)

    def _chinese(self, n: int) -> str:
        if n < 10:
            return self._CN[n]
        tens, ones = divmod(n, 10)
        return (
            ("" if tens == 1 else self._CN[tens] if tens < 10 else str(tens)) + "十" + (self._CN[ones] if ones else "")
        )
