"""One row is added, changed, moved on its way, withdrawn; or a few alike."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from qingshan.people.actions import NotAllowed, require, turn
from qingshan.people.models import Body, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..cells import show
from ..models import Entry, Origin, Revision
from ..queries import register_of
from ..schema import OFFICE, Definition, lacking, reached_after, validate
from .contents import Place, days_fit, known_to, no_way, placed, revision_of, tally, tidy
from .doors import Invalid, Overtaken, parts_of, require_body, write_down
from .many import Stated, put


@transaction.atomic
def add_entry(
    *, by: User | None, programme: Programme, register: str, data: Mapping[str, Any], geometry: Mapping | None = None,
    state: str | None = None, origin: str = Origin.REPORTED, source: str = "", known_on: date | None = None,
    effective_on: date | None = None, why: str = "",
) -> Entry:  # fmt: skip
    """A new row. It begins in the register's first state, or in `state` where `by` may move it there at once."""
    require(by, "edit_register")
    definition = register_of(programme, register)
    row = Stated(dict(data), state, known_on, effective_on, geometry, origin, source)
    put(by, programme, definition, [row], why=why, fresh=True)
    entry = Entry.objects.get(programme=programme, register=register, key=definition.key_of(tidy(data)))
    write_down(by, programme, "add_entry", f"{register}/{entry.key}", state=entry.state)
    return entry


@transaction.atomic
def change_entry(
    *, by: User | None, entry: Entry, expected: int, data: Mapping[str, Any] | None = None, geometry: Mapping | None = None,
    known_on: date | None = None, effective_on: date | None = None, source: str | None = None, why: str = "",
) -> Entry:  # fmt: skip
    """Change fields of a row (`data` names only those that change; None empties one).

    `expected` is the number of the revision the change was made on. Raises Overtaken where there is a newer one.
    """
    require(by, "edit_register")
    entry, definition = _locked(by, entry, expected)
    merged = tidy({**entry.data, **(data or {})})
    _fits(entry.programme, definition, merged)
    _same_key(definition, entry, merged)
    place = (
        placed(definition, geometry)
        if geometry is not None
        else Place(entry.lon, entry.lat, entry.geometry, entry.tile)
    )
    changes = {name: ["***", "***"] if name in definition.private else [entry.data.get(name), merged.get(name)]
               for name in sorted(entry.data.keys() | merged.keys()) if entry.data.get(name) != merged.get(name)}  # fmt: skip
    _revise(
        by, entry, definition, known_on, effective_on, why, data=merged, body=_body_of(entry.programme, definition, merged),
        source=entry.source if source is None else source, **place._asdict(),
    )  # fmt: skip
    require_body(by, entry.body)
    write_down(by, entry.programme, "change_entry", f"{entry.register}/{entry.key}", changes=changes, why=why)
    return entry


@transaction.atomic
def move(
    *, by: User | None, entry: Entry, expected: int, to: str, data: Mapping[str, Any] | None = None, known_on: date | None = None,
    effective_on: date | None = None, why: str = "",
) -> Entry:  # fmt: skip
    """Move a row into another state, filling in fields at the same time where `data` names some.

    Raises NotAllowed where `by` may not make this move, Invalid where the proof it needs is not there.
    """
    require(by, "edit_register")
    entry, definition = _locked(by, entry, expected)
    step = next((one for one in definition.transitions if (one.from_, one.to) == (entry.state, to)), None)
    if step is None:
        raise Refused(no_way(definition, entry.state, to)[0] + "。", no_way(definition, entry.state, to)[1] + ".")
    if not set(step.may) & parts_of(by):
        raise NotAllowed(*_not_yours(definition, step))
    merged = tidy({**entry.data, **(data or {})})
    _fits(entry.programme, definition, merged)
    _same_key(definition, entry, merged)
    if problems := lacking(definition, step, merged, entry.attachments.count()):
        raise Invalid([(0, one) for one in problems])
    before = entry.state
    _revise(by, entry, definition, known_on, effective_on, why, data=merged, state=to,
            body=_body_of(entry.programme, definition, merged))  # fmt: skip
    require_body(by, entry.body)
    write_down(by, entry.programme, "move_entry", f"{entry.register}/{entry.key}", state=[before, to], why=why)
    return entry


@transaction.atomic
def withdraw(*, by: User | None, entry: Entry, expected: int, why: str, known_on: date | None = None) -> Entry:
    """Take a row out of the register, with the reason on record. It stays readable, and counts no more."""
    require(by, "edit_register")
    if not why.strip():
        raise Refused("请写明为什么撤下这一条。", "Say why this entry is withdrawn.")
    entry, definition = _locked(by, entry, expected)
    _revise(by, entry, definition, known_on, None, why, withdrawn=True)
    write_down(by, entry.programme, "withdraw_entry", f"{entry.register}/{entry.key}", why=why)
    return entry


@transaction.atomic
def bulk_change(
    *, by: User | None, entries: Mapping[int, int], data: Mapping[str, Any] | None = None, to: str | None = None,
    known_on: date | None = None, effective_on: date | None = None, why: str = "",
) -> int:  # fmt: skip
    """Make one change to many rows, all or none. `entries`: id → number of the revision that was looked at."""
    require(by, "edit_register")
    days = {"known_on": known_on, "effective_on": effective_on, "why": why}
    for number, (row, expected) in enumerate(_picked(entries)):
        try:
            _change_one(by, row, expected, data, to, days)
        except Invalid as wrong:
            raise Invalid([(number, problem) for _, problem in wrong.problems]) from None
    return len(entries)


def _picked(entries: Mapping[int, int]) -> list[tuple[Entry, int]]:
    rows = Entry.objects.select_related("programme__jurisdiction").in_bulk(list(entries))
    return [(rows[pk], expected) for pk, expected in entries.items()]


def _change_one(by: User | None, row: Entry, expected: int, data, to: str | None, days: dict) -> Entry:
    given = {"by": by, "entry": row, "expected": expected, "data": data, **days}
    return move(**given, to=to) if to else change_entry(**given)


@transaction.atomic
def rehearse(
    *, by: User | None, entries: Mapping[int, int], data: Mapping[str, Any] | None = None, to: str | None = None,
    known_on: date | None = None, effective_on: date | None = None, why: str = "",
) -> dict[int, Refused | NotAllowed | None]:  # fmt: skip
    """What `bulk_change` would say to each row: nothing, or why not. Nothing of it is kept."""
    require(by, "edit_register")
    days, told = {"known_on": known_on, "effective_on": effective_on, "why": why}, {}
    for row, expected in _picked(entries):
        try:
            with transaction.atomic():
                _change_one(by, row, expected, data, to, days)
            told[row.pk] = None
        except (Refused, NotAllowed) as no:
            told[row.pk] = no
    transaction.set_rollback(True)
    return told


def _locked(by: User | None, entry: Entry, expected: int) -> tuple[Entry, Definition]:
    """The entry for oneself alone until the transaction ends, if it still is as it was seen."""
    turn()
    entry = (
        Entry.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction", "body").get(pk=entry.pk)
    )
    definition = register_of(entry.programme, entry.register)
    require_body(by, entry.body)
    if entry.number != expected:
        raise _overtaken(entry, definition, expected)
    if entry.withdrawn:
        raise Refused(f"条目“{entry.key}”已撤下，不能再改。", f"The entry {entry.key} has been withdrawn.")
    return entry, definition


def _overtaken(entry: Entry, definition: Definition, expected: int) -> Overtaken:
    newer = list(entry.revisions.filter(number__gt=expected).select_related("recorded_by").order_by("number"))
    seen = entry.revisions.filter(number=expected).first()
    who = newer[-1].recorded_by if newer else None
    at = timezone.localtime(newer[-1].recorded_at) if newer else timezone.localtime()
    told = differences(definition, seen, entry) if seen else []
    zh = "，".join(f"{a}由“{b or '空'}”改为“{c or '空'}”" for a, _, b, c in told) or "内容未变"
    en = "; ".join(f"{a} from {b or 'empty'} to {c or 'empty'}" for _, a, b, c in told) or "no field changed"
    return Overtaken(
        f"您打开的是第 {expected} 版，{who or '系统'}已于 {at:%Y-%m-%d %H:%M} 存为第 {entry.number} 版：{zh}。您的修改没有保存，请核对后重新提交。",
        f"You opened revision {expected}; {who or 'the system'} saved revision {entry.number} on {at:%Y-%m-%d %H:%M}: {en}. "
        "Your change was not saved; check and submit it again.",
        newer,
    )  # fmt: skip


def differences(
    definition: Definition, old: Entry | Revision, new: Entry | Revision
) -> list[tuple[str, str, str, str]]:
    """What differs between two versions: name in Chinese, in English, old and new value as text."""
    found = []
    for code in sorted(old.data.keys() | new.data.keys()):
        column, before, after = definition.field.get(code), old.data.get(code), new.data.get(code)
        if before != after:
            names = (column.name.zh, column.name.en) if column else (code, code)
            found.append((*names, *(show(column, one) if column else str(one or "") for one in (before, after))))
    if old.state != new.state:
        known = {code: one.zh for code, one in definition.state.items()}
        found.append(("状态", "state", known.get(old.state, old.state), known.get(new.state, new.state)))
    if (old.lon, old.lat, old.geometry) != (new.lon, new.lat, new.geometry):
        found.append(("位置", "place", f"{old.lon}，{old.lat}", f"{new.lon}，{new.lat}"))
    if old.withdrawn != new.withdrawn:
        found.append(("撤下", "withdrawn", "否", "是"))
    return found


def _revise(
    by: User | None,
    entry: Entry,
    definition: Definition,
    known_on: date | None,
    effective_on: date | None,
    why: str,
    **changed,
) -> None:
    known_on = known_on or timezone.localdate()
    effective_on = effective_on or max(known_on, entry.effective_on)
    days_fit(known_on, effective_on)
    if effective_on < entry.effective_on:
        raise Refused(
            f"生效日 {effective_on} 早于现有版本的生效日 {entry.effective_on}，请改正日期。",
            f"The change takes effect on {effective_on}, before {entry.effective_on} of what stands; correct the day.",
        )
    if "state" in changed and changed["state"] != entry.state:
        changed["reached"] = reached_after(entry.reached, changed["state"], effective_on.isoformat())
    values = {
        "version": definition.version,
        "known_on": known_on,
        "effective_on": effective_on,
        "number": entry.number + 1,
        **changed,
    }
    before = Counter() if entry.withdrawn else Counter([entry.state])
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save()
    after = Counter() if entry.withdrawn else Counter([entry.state])
    tally(entry.programme, entry.register, before, after)
    revision_of(entry, by, timezone.now(), why).save(force_insert=True)


def _fits(programme: Programme, definition: Definition, data: Mapping[str, Any]) -> None:
    if problems := validate(definition, data, known_to(programme, definition, [data])):
        raise Invalid([(0, one) for one in problems])


def _same_key(definition: Definition, entry: Entry, data: Mapping[str, Any]) -> None:
    if definition.key_of(data) != entry.key:
        raise Refused(
            f"“{entry.key}”是这一条的唯一键，不能修改。如登记有误，请撤下后重新登记。",
            f"{entry.key} is the entry's key and cannot change. If it is wrong, withdraw the entry and add it anew.",
        )


def _body_of(programme: Programme, definition: Definition, data: Mapping[str, Any]) -> Body | None:
    code = (data.get(definition.owner) if definition.owner else None) or definition.body
    return programme.jurisdiction.bodies.filter(code=code).first() if code else None


def _not_yours(definition: Definition, step) -> tuple[str, str]:
    to, office = definition.state[step.to], OFFICE in step.may
    return (
        f"转为“{to.zh}”须由{'计划办' if office else '责任部门'}办理。",
        f"Only the {'plan office' if office else 'responsible body'} may move an entry to {to.en}.",
    )
