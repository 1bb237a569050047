"""What tells of people goes when its time is over."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from qingshan.people.actions import require, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..models import Entry, Redaction, Revision
from ..queries import Overdue, overdue
from .doors import write_down

LONGEST_WHY = Redaction._meta.get_field("why").max_length


@transaction.atomic
def redact(*, by: User, programme: Programme, as_of: date, why: str, seen: int | None = None) -> list[Overdue]:
    """Empty the fields that tell of people in every revision of every entry whose retention is over on `as_of`.

    seen: how many were seen to be due; where others have become due since, nobody has looked at them.

    Each field of each entry is put on record first; the database allows no other change of a revision. Numbers, states, days and
    all else stay, so an evaluation is reproduced as before. Raises Refused for a day that has not come, without a person or without
    grounds.
    """
    if by is None:
        raise Refused("清除个人信息须由人办理，请写明办理人。", "Someone must answer for this; name who does it.")
    require(by, "redact_personal")
    if as_of > timezone.localdate():
        raise Refused(
            f"{as_of} 还没有到，只能清除已到期的。", f"{as_of} has not come; only what is due can be emptied."
        )
    why = why.strip()
    if not why:
        raise Refused(
            "请写明依据，如“保存期满，按台账规定清除”。",
            "Say on what grounds, as “retention is over, by the register's rule”.",
        )
    if len(why) > LONGEST_WHY:
        raise Refused(
            f"依据最多 {LONGEST_WHY} 字，现在有 {len(why)} 字。",
            f"The grounds have {len(why)} characters; at most {LONGEST_WHY} are kept.",
        )
    now = turn()
    found = overdue(programme, as_of, now)
    if seen not in (None, len(found)):
        raise Refused(f"您看到的是 {seen} 条，现在到期的是 {len(found)} 条，请核对后再清除。",
                      f"You saw {seen} entries, {len(found)} are due now; look again before they are emptied.")  # fmt: skip
    for one in found:
        for code in one.fields:
            Redaction.objects.create(
                entry=one.entry, field=code, due_on=one.due_on, why=why, recorded_at=now, recorded_by=by
            )
            _take_out(one.entry, code)
        Entry.objects.filter(pk=one.entry.pk).update(
            data={k: v for k, v in one.entry.data.items() if k not in one.fields}
        )
    for register, rows in _by_register(found).items():
        write_down(
            by,
            programme,
            "redact_entries",
            register,
            rows=len(rows),
            fields=sorted({c for one in rows for c in one.fields}),
            why=why,
        )
    return found


def _take_out(entry: Entry, code: str) -> None:
    """Remove one field from an entry's revisions, exactly as the trigger on them expects it."""
    table = connection.ops.quote_name(Revision._meta.db_table)
    less = "data - %s::text" if connection.vendor == "postgresql" else "JSON_REMOVE(data, '$.' || %s)"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET data = {less} WHERE entry_id = %s", [code, entry.pk])


def _by_register(found: Iterable[Overdue]) -> dict[str, list[Overdue]]:
    groups: dict[str, list[Overdue]] = {}
    for one in found:
        groups.setdefault(one.entry.register, []).append(one)
    return groups
