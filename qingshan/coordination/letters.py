"""The digest as a letter: plain text, and the same as simple HTML."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from .matters import Text


class Line(NamedTuple):
    """One thing that waits for its reader. `thing` tells it apart; `page` is the path of its page."""

    thing: str
    kind: Text
    subject: Text
    told: Text
    page: str
    simulated: bool = False


class Letter(NamedTuple):
    subject: str
    text: str
    html: str


WORDS = {
    "zh-hans": {
        "subject": "{title}：{count} 件事等您办理（{on}）",
        "head": "截至 {on}，“{title}”有 {count} 件事等您办理：",
        "foot": "本邮件由系统按日汇总发出，每件事一天只提一次。是否接收、用哪种语言，可在“收件箱”中更改。",
    },
    "en": {
        "subject": "{title}: {count} waiting for you ({on})",
        "head": "As of {on}, {count} of “{title}” wait for you:",
        "foot": "Sent once a day; each matter is told once per day. Whether you are written to, and in which language, is set in your inbox.",
    },
}


def letter(language: str, title: str, on: date, lines: Sequence[Line], site: str = "") -> Letter:
    """The letter in a language. `site` is the address that stands before each page; without one no links are given."""
    words = {name: form.format(title=title, count=len(lines), on=on) for name, form in WORDS[language].items()}
    said = [_said(language, one) for one in lines]
    pages = [site.rstrip("/") + one.page if site else "" for one in lines]
    return Letter(words["subject"], _text(words, said, pages), _html(language, words, said, pages))


SIMULATED = Text("（模拟数据）", " (simulated data)")


def _said(language: str, line: Line) -> tuple[str, str, str]:
    mark = SIMULATED if line.simulated else Text("", "")
    told = Text(line.told.zh + mark.zh, line.told.en + mark.en)
    return tuple(text.en if language == "en" else text.zh for text in (line.kind, line.subject, told))


def _text(words: dict, said: Sequence[tuple[str, str, str]], pages: Sequence[str]) -> str:
    parts = [words["head"], ""]
    for number, ((kind, subject, told), page) in enumerate(zip(said, pages, strict=True), 1):
        parts += [f"{number}. [{kind}] {subject}", f"   {told}", *([f"   {page}"] if page else []), ""]
    return "\n".join([*parts, words["foot"], ""])


def _html(language: str, words: dict, said: Sequence[tuple[str, str, str]], pages: Sequence[str]) -> str:
    items = "".join(_item(*told, page) for told, page in zip(said, pages, strict=True))
    return (
        f'<!doctype html><html lang="{"en" if language == "en" else "zh-CN"}"><meta charset="utf-8">'
        f"<title>{escape(words['subject'])}</title><body><p>{escape(words['head'])}</p><ol>{items}</ol>"
        f"<p><small>{escape(words['foot'])}</small></p></body></html>"
    )


def _item(kind: str, subject: str, told: str, page: str) -> str:
    name = f'<a href="{escape(page)}">{escape(subject)}</a>' if page else escape(subject)
    return f"<li><b>{escape(kind)}</b> {name}<br>{escape(told)}</li>"
