"""An edition's text cut so that each item it holds can be shown in its sentence."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .document.duties import duties
from .document.healing import heal


class Span(NamedTuple):
    """A stretch of the text [characters] and the item that stands there."""

    start: int
    end: int
    kind: str  # task, measure, target, body or unread
    key: str  # names the item on the page


class Piece(NamedTuple):
    """A piece of a paragraph: words, or the opening of an item's mark, or its closing."""

    words: str = ""
    opens: Span | None = None
    first: bool = False  # of the item's pieces
    closes: bool = False


class Paragraph(NamedTuple):
    start: int
    pieces: tuple[Piece, ...]


def clauses(text: str) -> list[tuple[int, int]]:
    """Where the responsibility clauses stand in `text`."""
    healed = heal(text)
    return [healed.span(one.start, one.end) for one in duties(healed.text)]


def paragraphs(text: str, spans: Iterable[Span]) -> Iterator[Paragraph]:
    """The lines of `text` that hold something, each with its marks properly nested.

    Spans may lie in one another, cross one another and run over several lines; a mark that cannot go on is closed and
    opened again. Spans that are empty or lie outside the text are left out.
    """
    waiting = sorted({one for one in spans if 0 <= one.start < one.end <= len(text)}, key=_outer_first)
    begun: set[Span] = set()
    active: list[Span] = []
    at = 0
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        while waiting and waiting[0].start < end:
            active.append(waiting.pop(0))
        if line.strip():
            yield Paragraph(at, tuple(_pieces(text, at, at + len(line.rstrip()), active, begun)))
        active = [one for one in active if one.end > end]
        at = end


def _outer_first(span: Span) -> tuple:
    return span.start, -span.end, span.kind, span.key


def _pieces(text: str, start: int, end: int, spans: list[Span], begun: set[Span]) -> Iterator[Piece]:
    here = [one for one in spans if one.start < end and one.end > start]
    cuts = sorted({start, end} | {at for one in here for at in (one.start, one.end) if start < at < end})
    stack: list[Span] = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        wanted = [one for one in here if one.start <= left and one.end >= right]
        kept = _shared(stack, wanted)
        yield from (Piece(closes=True) for _ in stack[kept:])
        for one in wanted[kept:]:
            yield Piece(opens=one, first=one not in begun)
            begun.add(one)
        stack = wanted
        yield Piece(words=text[left:right])
    yield from (Piece(closes=True) for _ in stack)


def _shared(one: list, other: list) -> int:
    """How many marks two stacks have in common from the bottom."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
