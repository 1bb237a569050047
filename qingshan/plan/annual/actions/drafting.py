"""A draft of a year's list: made from the plan, brought in step with the list before, given up."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from qingshan.people.actions import require
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme
from qingshan.plan.queries import standing_edition

from ..composing import lines
from ..models import AnnualList, Item
from ..proposing import Grounds
from ..queries import Entry, falls_into, parts_of, sheet_of, unfinished_before
from .doors import draft_of, write_down

KEPT = ("theme_no", "theme", "theme_en", "task_no", "proposed_code", "proposed_name", "proposed_rule", "reason", "reason_en",
        "decided_by", "decided_at", "decided_why")  # fmt: skip


@transaction.atomic
def make(
    *, by: User | None, programme: Programme, year: int, grounds: Grounds, demonstration: bool = False
) -> AnnualList:
    """A draft of a year's list from the plan in force: what falls into the year, and what the list before left unfinished."""
    require(by, "edit_list")
    edition = standing_edition(programme)
    if edition is None:
        raise Refused("还没有采用的规划，不能编制年度清单。请先在“规划”中采用文件。",
                      "No edition of the plan has been adopted; adopt one under “Plans” first.")  # fmt: skip
    if not edition.starts.year <= year <= edition.ends.year:
        raise Refused(f"{year} 年不在规划期 {edition.starts.year}—{edition.ends.year} 年之内，请另选年份。",
                      f"{year} lies outside the plan's years {edition.starts.year}–{edition.ends.year}; choose another year.")  # fmt: skip
    annual = _begun(by, programme, edition, year, demonstration)
    Item.objects.bulk_create(
        Item(annual=annual, order=order, **fields)
        for order, fields in enumerate(lines(parts_of(edition, year), grounds, year), 1)
    )
    carried = _carry_over(annual)
    write_down(by, "make_list", annual, edition=edition.ordinal, count=annual.items.count(), carried=len(carried))
    return annual


def _begun(by: User | None, programme: Programme, edition, year: int, demonstration: bool) -> AnnualList:
    try:
        with transaction.atomic():
            return AnnualList.objects.create(programme=programme, edition=edition, year=year, created_by=by,
                                             created_at=timezone.now(), demonstration=demonstration)  # fmt: skip
    except IntegrityError as already:
        raise Refused(
            f"{year} 年的清单已经有了，请直接打开。", f"There already is a list of {year}; open it."
        ) from already


@transaction.atomic
def carry_over(*, by: User | None, annual: AnnualList) -> int:
    """Bring a draft in step with what the list before has left unfinished by now; says how many items it changed."""
    require(by, "edit_list")
    annual = draft_of(annual)
    changed = _carry_over(annual)
    if changed:
        write_down(by, "carry_over", annual, count=len(changed), items=changed)
    return len(changed)


def _carry_over(annual: AnnualList) -> list[str]:
    """The names of the items that were taken over, or given back since they are done after all.

    Where the same measure or target stands in the draft already, that item is marked as carried instead of standing twice.
    """
    left = {entry.item.id: entry for entry in unfinished_before(annual)}
    entries = sheet_of(annual).entries
    changed = [
        _given_back(annual, one) for one in entries if one.item.carried_from_id and one.item.carried_from_id not in left
    ]
    stand = {one.key: one.item for one in entries if one.key and not one.item.carried_from_id}
    for carried in {one.item.carried_from_id for one in entries} & left.keys():
        del left[carried]
    fresh = [one for one in left.values() if not _marked(stand.get(one.key), one)]
    append(annual, [_carried(annual, one) for one in fresh])
    return changed + [one.title for one in left.values()]


def _marked(same: Item | None, unfinished: Entry) -> bool:
    if same:
        same.carried_from = unfinished.item
        same.save()
    return same is not None


def _given_back(annual: AnnualList, entry: Entry) -> str:
    """An item whose unfinished predecessor is done by now: it stays only where it falls into the year by itself."""
    if falls_into(annual, entry.item):
        entry.item.carried_from = None
        entry.item.save()
    else:
        entry.item.delete()
    return entry.title


def _carried(annual: AnnualList, entry: Entry) -> Item:
    """The item again, due by the end of the first quarter: it is late already. It keeps its lead."""
    old = entry.item
    same = {name: getattr(old, name) for name in KEPT} | dict(entry.line.fields) | {"quarter": 1}
    if old.annual.edition_id == annual.edition_id:
        same |= {"measure_id": old.measure_id, "target_id": old.target_id}
    return Item(annual=annual, carried_from=old, **same)


def append(annual: AnnualList, items: list[Item]) -> None:
    top = annual.items.aggregate(top=Max("order"))["top"] or 0
    for order, item in enumerate(items, top + 1):
        item.order = order
    Item.objects.bulk_create(items)


@transaction.atomic
def drop(*, by: User | None, annual: AnnualList) -> None:
    """Give up a draft with all its items."""
    require(by, "edit_list")
    annual = draft_of(annual)
    write_down(by, "drop_list", annual, count=annual.items.count())
    annual.delete()
