"""Plain text in the encodings Chinese offices use."""

from __future__ import annotations

from . import Unreadable

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\x84\x31\x95\x33", "gb18030"))  # fmt: skip


def text(data: bytes) -> str:
    text = decoded(data)
    if _binary(text):
        raise Unreadable(
            "文件不是文字文档（内容像是二进制数据）。",
            "The file is not a text document: its content looks like binary data.",
        )
    return text.lstrip("\ufeff")


def decoded(data: bytes) -> str:
    """Bytes as text: by byte order mark, else UTF-8, UTF-16 without a mark, GB18030, Big5."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data, encoding)
    for encoding in ("utf-8", _wide(data), "gb18030", "big5"):
        try:
            return data.decode(encoding) if encoding else _fail()
        except UnicodeDecodeError:
            continue
    return _strict(data, None)


def _fail():
    raise UnicodeDecodeError("none", b"", 0, 1, "not tried")


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark shows as zero bytes (line ends, digits) on one side only."""
    sample = data[:4000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or max(even, odd) < max(2, len(sample) // 200):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _strict(data: bytes, encoding: str | None) -> str:
    try:
        if encoding:
            return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    raise Unreadable(
        "无法识别文件的文字编码（支持 UTF-8、UTF-16、GB18030）。",
        "The encoding of the file is not recognised (UTF-8, UTF-16 and GB18030 are).",
    )


def _binary(text: str) -> bool:
    control = sum(text.count(chr(code)) for code in (*range(0, 9), *range(14, 28)))
    return control > max(8, len(text) // 50)
