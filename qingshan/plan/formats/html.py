"""The main text of a web page, without its navigation."""

from __future__ import annotations

import re

from lxml import etree, html

from . import Unreadable
from .plain import decoded


def _words(line: str) -> list[str]:
    return line.split()


_DROPPED = (
    "script",
    "style",
    "noscript",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "iframe",
    "button",
    "select",
    "option",
    "svg",
    "template",
    "object",
    "head",
)
_BREAKS = frozenset(_words("p div br li h1 h2 h3 h4 h5 h6 section article table ul ol dl dt dd blockquote pre center"))
_NAVIGATION = re.compile(
    r"(?:^|[-_ ])(?:nav|menu|breadcrumb|crumb|footer|sidebar|share|toolbar|copyright|pagination|header|topbar|banner|related|recommend|comment)(?:$|[-_ \d])",
    re.IGNORECASE,
)


def text(data: bytes) -> str:
    text = _html_text(data)
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=False, encoding="utf-8"))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unreadable("网页内容无法解析。", "The web page could not be parsed.") from error
    etree.strip_elements(root, *_DROPPED, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    _drop_navigation(root)
    words = _rendered(_main(root))
    if not words.strip():
        raise Unreadable("网页里没有读到正文。", "The web page holds no text.")
    return words


def _html_text(data: bytes) -> bytes:
    match = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", data[:4096])
    named = match[1].decode().lower() if match else ""
    if named in ("gb2312", "gbk", "gb18030", "x-gbk") and not _is_utf8(data):
        return data.decode("gb18030", "replace").encode()
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", decoded(data)).replace("\x00", "").encode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _drop_navigation(root):
    for element in list(root.iter(etree.Element)):
        if element.tag not in ("body", "html") and _NAVIGATION.search(_names(element)) and _short(element):
            element.drop_tree()


def _short(element) -> bool:
    return sum(_chinese_in(words) for words in element.itertext()) < 400


def _main(root):
    """The innermost element that still holds nine tenths of the Chinese of its page, and its title."""
    counts = _counts(root)
    total, best = counts[root], root
    while True:
        inner = next((c for c in best if len(c) and counts.get(c, 0) >= 0.9 * total), None)
        if inner is None or inner.tag in _TABLE or _leaves_title(best, inner):
            return best
        best = inner


_TABLE = frozenset(("table", "tbody", "tr"))
_TITLED = re.compile(r"title|(?:^|[-_ ])tit(?:$|[-_ ])|bt(?:$|[-_ ])|xxgk|metadata", re.IGNORECASE)


def _leaves_title(best, inner) -> bool:
    others = (element for child in best if child is not inner for element in child.iter(etree.Element))
    return any(element.tag in ("h1", "h2", "h3") or _TITLED.search(_names(element)) for element in others)


def _names(element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _counts(root) -> dict:
    """Chinese characters in each element, with all that it holds."""
    counts: dict = {}
    for element in reversed(list(root.iter(etree.Element))):
        own = _chinese_in(element.text) + sum(_chinese_in(child.tail) for child in element)
        counts[element] = own + sum(counts.get(child, 0) for child in element)
    return counts


def _chinese_in(words: str | None) -> int:
    return len(_CHINESE.findall(words)) if words else 0


_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _rendered(root) -> str:
    out: list[str] = []
    layout = {cell for cell in root.iter("td", "th") if _lays_out(cell)}
    for action, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if action == "start":
            out += (_opening(element, layout), _folded(element.text))
        else:
            out += (_closing(element, layout), _folded(element.tail) if element is not root else "")
    lines = (line.strip(" \u3000\u00a0") for line in "".join(out).split("\n"))
    return "\n".join(line for line in lines if line.strip())


def _lays_out(cell) -> bool:
    """Whether a cell is a frame for the page rather than a cell of a table: it holds a table or much text."""
    if next(cell.iterdescendants("table"), None) is not None:
        return True
    return len(cell) > 2 and sum(_chinese_in(words) for words in cell.itertext()) > 300


def _opening(element, layout: set) -> str:
    if element.tag not in _BREAKS and element.tag != "tr":
        return ""
    cell = next(element.iterancestors("td", "th"), None)
    return "\n" if cell is None or cell in layout or element.tag == "table" else ""


def _closing(element, layout: set) -> str:
    if element.tag not in ("td", "th"):
        return _opening(element, layout)
    if element in layout:
        return "\n"
    return "\t" if element.getnext() is not None else ""


def _folded(words: str | None) -> str:
    """Line ends inside a paragraph of a web page are spaces, and between Chinese characters nothing."""
    return _LINE_END.sub("", words) if words else ""


_LINE_END = re.compile(r"\s*[\r\n\t]+\s*")
