"""Whether the registers that a body keeps are right."""

from collections.abc import Iterator
from typing import Any

from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.reports.answers import Asked

from .book import Book, named


def registers(book: Book) -> Iterator[tuple[str, Asked]]:
    """Whether a body's registers are right; one whose value was asked for already is not asked again."""
    for code, one in book.kept.items():
        if one.body and book.tallies.get(code) and code not in book.asked_registers:
            known = _register_known(book, one) | book.before(one.body, f"register:{code}")
            asked = named(f"台账“{one.name.zh}”是否属实", f"Is the register “{one.name.en}” right", register=code)
            yield one.body, Asked(f"register:{code}", "register", "confirmed", asked, known)


def _register_known(book: Book, one: Definition) -> dict[str, Any]:
    """How many rows a register has in each state, and how many of them are in a final one."""
    counts, final = book.tallies.get(one.code, {}), book.counted.get(one.code, set())
    done = [state for state in one.states if state.code in final]
    words = [(state.zh, state.en, counts[state.code]) for state in one.states if counts.get(state.code)]
    total = sum(counts.values())
    known = {
        "rows": total, "states_zh": "，".join(f"{zh} {n}" for zh, _, n in words), "states_en": ", ".join(f"{en} {n}" for _, en, n in words),
    }  # fmt: skip
    if done:
        known |= {"part": sum(counts.get(code, 0) for code in final), "whole": total,
                  "register": {"zh": one.name.zh, "en": one.name.en, "done_zh": done[0].zh, "done_en": done[0].en}}  # fmt: skip
    return known | ({"simulated": True} if one.code in book.simulated else {})
