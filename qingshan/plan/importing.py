"""Plan files in: bytes and a file name → the text inside (.txt, .docx, .pdf with a text layer, .html)."""

from __future__ import annotations

import re
from importlib import import_module

from .formats import Unreadable

__all__ = ["LIMIT", "Unreadable", "check_size", "text_of"]

LIMIT = 40 * 2**20
"""The largest file read [bytes]."""


def text_of(data: bytes, name: str = "") -> str:
    """The text of a plan file; its content, not its name, decides how it is read.

    Raises
    ------
    Unreadable
        With the reason in one sentence: too large, not a document, scanned, in no known encoding.
    """
    check_size(len(data))
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable("文件是空的。", "The file is empty.")
    return import_module(f".formats.{_format(data, name)}", __package__).text(data)


def check_size(size: int):
    """Refuse a file by its size [bytes] alone, before it is read."""
    if size > LIMIT:
        raise Unreadable(
            f"文件有 {size / 2**20:.1f} MB，超过上限 {LIMIT // 2**20} MB。",
            f"The file has {size / 2**20:.1f} MB, more than the limit of {LIMIT // 2**20} MB.",
        )


def _format(data: bytes, name: str) -> str:
    """docx, pdf, html or plain."""
    if data[:4] == b"PK\x03\x04" or data[:4] == b"PK\x05\x06":
        return "docx"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable(
            "这是旧版 .doc 文件，请另存为 .docx 后再上传。", "This is an old .doc file: save it as .docx first."
        )
    if data[:5] == b"{\\rtf":
        raise Unreadable("这是 RTF 文件，请另存为 .docx 后再上传。", "This is an RTF file: save it as .docx first.")
    if name.lower().endswith((".docx", ".pdf")):
        kind = name.rsplit(".", 1)[-1].lower()
        raise Unreadable(
            f"文件名是 .{kind}，内容却不是 {kind} 文档，可能已损坏。",
            f"The name says .{kind} but the content is no {kind} document; it may be damaged.",
        )
    return "html" if _looks_like_html(data) else "plain"


def _looks_like_html(data: bytes) -> bool:
    head = data[:4096].replace(b"\x00", b"").lower()
    return bool(re.search(rb"<!doctype html|<html[\s>]|<body[\s>]|<head[\s>]|<div[\s>]|<p[\s>]", head))
