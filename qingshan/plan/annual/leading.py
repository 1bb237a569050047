"""Who should lead an item where the plan names nobody: a proposal with its reason. The office decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .proposing import Text


@dataclass(frozen=True, slots=True)
class Party:
    """A body of a task: its code in the directory ("" where it is not in it), its name as printed, and its part."""

    code: str
    name: str
    part: str = "responsible"


@dataclass(frozen=True, slots=True)
class Lead:
    """A proposed lead; `rule` says by which rule, `reason` in words. No code: nobody can be proposed."""

    code: str
    name: str
    rule: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Before:
    """Who led the same measure or target in an earlier list, and that list's number."""

    code: str
    name: str
    number: str


def propose(
    parties: Sequence[Party],
    sentence: str = "",
    keeping: Mapping[str, int] | None = None,
    related: Mapping[str, int] | None = None,
    of: int = 0,
    english: Mapping[str, str] | None = None,
    before: Before | None = None,
) -> Lead:
    """The lead proposed for an item, by the first rule that names exactly one body of `parties`.

    sentence: the item's own words; keeping: how many of the registers the item is counted in each body keeps; related: in
    how many of the `of` tasks of the same theme each body takes part; english: names of bodies in English, by code;
    before: who led the same thing in the list before, which goes before all but the plan's own word.
    """
    known = [one for one in parties if one.code]
    english = english or {}
    if before and not _named(known, "", {}, {}):
        return _lead(Party(before.code, before.name), "before", english, {}, 0, before.number)
    for rule in (_named, _only, _mentioned, _owning, _most):
        found = rule(known, sentence, keeping or {}, related or {})
        if found:
            return _lead(found, rule.__name__.strip("_"), english, related or {}, of)
    if known:
        return _lead(known[0], "first", english, {}, 0)
    return Lead("", "", "none", Text("规划没有写明名录中的责任部门，请计划办指定",
                                     "The plan names no body of the directory; the office has to choose"))  # fmt: skip


def partners(parties: Sequence[Party], lead: str) -> list[Party]:
    """Those who cooperate: all bodies of the item but its lead, each once, in the plan's order."""
    return list({one.code or one.name: one for one in parties if not one.code or one.code != lead}.values())


def _single(found: list[Party]) -> Party | None:
    return found[0] if len({one.code for one in found}) == 1 else None


def _named(known, sentence, keeping, related) -> Party | None:
    leads = [one for one in known if one.part == "lead"]
    return leads[0] if leads else None


def _only(known, sentence, keeping, related) -> Party | None:
    return _single(known)


def _mentioned(known, sentence, keeping, related) -> Party | None:
    return _single([one for one in known if one.name and one.name in sentence])


def _owning(known, sentence, keeping, related) -> Party | None:
    return _foremost(known, keeping, 1)


def _most(known, sentence, keeping, related) -> Party | None:
    return _foremost(known, related, 2)


def _foremost(known: list[Party], counts: Mapping[str, int], least: int) -> Party | None:
    most = max((counts.get(one.code, 0) for one in known), default=0)
    return _single([one for one in known if counts.get(one.code, 0) == most]) if most >= least else None


REASONS = {
    "before": ("{number} 号清单由{zh}牵头", "{en} led it in list {number}"),
    "named": ("规划写明由{zh}牵头", "The plan names {en} as lead"),
    "only": ("责任部门只有{zh}", "{en} is the only responsible body"),
    "mentioned": ("原句点名{zh}", "The sentence itself names {en}"),
    "owning": ("有关台账主要由{zh}主管", "{en} keeps most of the registers it is counted in"),
    "most": ("本领域 {of} 项任务中，{zh}参与 {count} 项，最多", "{en} takes part in {count} of the theme's {of} tasks, more than any other"),
    "first": ("没有其他依据，{zh}列在责任部门首位", "Nothing else tells; {en} is printed first"),
}  # fmt: skip


def _lead(
    party: Party, rule: str, english: Mapping[str, str], related: Mapping[str, int], of: int, number: str = ""
) -> Lead:
    words = {
        "zh": party.name,
        "en": english.get(party.code) or party.name,
        "count": related.get(party.code, 0),
        "of": of,
        "number": number,
    }
    zh, en = (text.format(**words) for text in REASONS[rule])
    return Lead(party.code, party.name, rule, Text(zh, en))
