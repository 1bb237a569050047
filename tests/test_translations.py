"""Every string that people read is translated: extracted from code and templates, looked up in the catalogue."""

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "qingshan" / "web"
CATALOGUE = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
LAZY = {"gettext_lazy": None, "gettext_noop": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2),
        "npgettext_lazy": ((1, "c"), 2, 3)}  # fmt: skip
CHINESE = re.compile(r"[㐀-鿿]")
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def extracted() -> Iterator[tuple[str, str, str | None]]:
    """Where a string stands, the string (the singular of a pair), and its context."""
    for path in [*WEB.rglob("*.py"), *WEB.rglob("*.html"), *WEB.rglob("*.svg"), *WEB.rglob("*.txt")]:
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else templatize(text, origin=str(path))
        found = extract(
            "python", io.BytesIO(source.encode()), keywords=DEFAULT_KEYWORDS | LAZY, options={"encoding": "utf-8"}
        )
        for line, message, _, context in found:
            yield f"{path.relative_to(ROOT)}:{line}", message if isinstance(message, str) else message[0], context


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def translations(message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_string_is_translated():
    missing = []
    for where, string, context in extracted():
        message = catalogue().get(string, context)
        if not message or message.fuzzy or not all(translations(message)):
            missing.append(f"{where}: {string}")
    assert missing == []


def test_strings_are_found_at_all():
    places = {where.split(":")[0].rsplit(".", 1)[1] for where, _, _ in extracted()}
    assert {"py", "html"} <= places


def test_nothing_is_translated_that_is_not_said():
    said = {(string, context) for _, string, context in extracted()}
    stale = [message.id for message in catalogue() if message.id and (singular(message), message.context) not in said]
    assert stale == []


def singular(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def messages() -> list:
    return [message for message in catalogue() if message.id] if CATALOGUE.exists() else []


def test_translations_keep_their_places():
    """A translation fills the same blanks as its original."""
    wrong = [
        singular(message)
        for message in messages()
        for string in translations(message)
        if not set(PLACE.findall(string)) <= set(PLACE.findall("".join(message.id)))
    ]
    assert wrong == []


def test_translations_are_english():
    """No Chinese in the English pages, but for words given in Chinese on purpose, inside quotation marks or brackets."""
    quoted = re.compile(r"[“‘(（《][^”’)）》]*[”’)）》]")
    left = [
        string for message in messages() for string in translations(message) if CHINESE.search(quoted.sub("", string))
    ]
    assert [string for string in left if string != "中文"] == []


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.html")), ids=lambda path: path.name)
def test_templates_say_nothing_outside_a_translation(path):
    text = path.read_text(encoding="utf-8")
    for told in (
        r"{#.*?#}",
        r"{% comment.*?endcomment %}",
        r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}",
        r"{%.*?%}",
        r"{{.*?}}",
    ):
        text = re.sub(told, "", text, flags=re.DOTALL)
    left = [line.strip() for line in text.replace("中文", "").splitlines() if CHINESE.search(line)]
    assert left == []
