"""The text layer of a .pdf."""

from __future__ import annotations

import re

import pypdfium2

from . import Unreadable

PAGES_LIMIT = 2000


def text(data: bytes) -> str:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise Unreadable(
            "PDF 设有密码，无法读取。" if locked else "文件不是有效的 PDF 文档，可能已损坏。",
            "The PDF is protected by a password."
            if locked
            else "The file is not a valid PDF document; it may be damaged.",
        ) from error
    try:
        return _pages(document)
    finally:
        document.close()


def _pages(document) -> str:
    count = len(document)
    if count > PAGES_LIMIT:
        raise Unreadable(
            f"PDF 有 {count} 页，超过上限 {PAGES_LIMIT} 页。",
            f"The PDF has {count} pages, more than the limit of {PAGES_LIMIT}.",
        )
    pages = [_page(document, i) for i in range(count)]
    letters = sum(len(re.findall(r"\w", page)) for page in pages)
    if letters < 20 * max(1, count) and letters < 200:
        raise Unreadable(
            f"PDF 共 {count} 页，只读到 {letters} 个字，应是扫描件，没有文字层；请先做文字识别（OCR）再上传。",
            f"Of {count} pages only {letters} letters could be read: this looks like a scan without a text layer; run OCR on it first.",
        )
    return "\n".join(_unpaged(pages))


def _page(document, i: int) -> str:
    try:
        page = document[i]
        words = page.get_textpage()
        return words.get_text_range().replace("\r\n", "\n").replace("\ufffe", "")
    except pypdfium2.PdfiumError:
        return ""


def _unpaged(pages: list[str]):
    """Pages without the number that stands on their first or last line."""
    for page in pages:
        lines = page.strip("\n ").split("\n")
        for end in (0, -1):
            if len(lines) > 1 and re.fullmatch(r"\s*[-—–―－·]*\s*\d{1,4}\s*[-—–―－·]*\s*", lines[end]):
                lines.pop(end)
        yield "\n".join(lines)
