"""What is done of a list, and when."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from qingshan.people.actions import require
from qingshan.people.models import User
from qingshan.plan.actions import Refused

from ..models import AnnualList, Completion, Item
from ..queries import sheet_of, successor_of
from .doors import draft_of, issued_of, write_down
from .leads import accept_leads


@transaction.atomic
def mark_done(*, by: User | None, item: Item, done_on: date | None, note: str = "") -> Completion:
    """The office's word that an issued item's node is done on a day; without a day, that it is not done after all."""
    require(by, "edit_list")
    annual = issued_of(item.annual)
    entry = next((one for one in sheet_of(annual).standing if one.item.id == item.id), None)
    if entry is None:
        raise Refused(
            "这一项不在现行清单里，不能登记完成。", "This item does not stand in the list; it cannot be done."
        )
    _check_done(annual, item, done_on, note)
    done = Completion.objects.create(item=item, done_on=done_on, note=note.strip(), by=by, at=timezone.now())
    write_down(by, "mark_done", annual, item=entry.title, done=str(done_on or ""), note=done.note)
    return done


def _check_done(annual: AnnualList, item: Item, done_on: date | None, note: str) -> None:
    later = successor_of(item)
    if later:
        raise Refused(f"这一项已结转到 {later.annual.year} 年清单，请在那里登记。",
                      f"This item was carried over into the list of {later.annual.year}; mark it there.")  # fmt: skip
    if done_on is None and not note.strip():
        raise Refused("撤回完成须写明理由。", "Say why it is not done after all.")
    if done_on and done_on > timezone.localdate():
        raise Refused(f"完成日期 {done_on} 晚于今天 {timezone.localdate()}，请改正。",
                      f"The day {done_on} lies after today, {timezone.localdate()}; correct it.")  # fmt: skip
    if done_on and done_on.year < annual.year:
        raise Refused(f"完成日期 {done_on} 早于清单年份 {annual.year}，请改正。",
                      f"The day {done_on} lies before the list's year, {annual.year}; correct it.")  # fmt: skip


@transaction.atomic
def fill_demonstration(*, by: User | None, annual: AnnualList, quarters: Mapping[int, int]) -> None:
    """Give the items of a demonstration's draft their quarters, by item, and accept every proposed lead."""
    require(by, "edit_list")
    annual = draft_of(annual)
    found = list(annual.items.filter(pk__in=quarters))
    for item in found:
        item.quarter = quarters[item.pk]
    Item.objects.bulk_update(found, ["quarter"])
    accept_leads(by=by, annual=annual)


@transaction.atomic
def fill_completions(*, by: User | None, annual: AnnualList, done: Mapping[int, date], note: str) -> None:
    """The simulated completions of a demonstration's issued list, by item, each with the note that says so."""
    require(by, "edit_list")
    annual, now = issued_of(annual), timezone.now()
    if not annual.demonstration:
        raise Refused("只有示范清单可以填入模拟完成情况。", "Only a list of a demonstration is filled with simulated completions.")  # fmt: skip
    items = annual.items.filter(pk__in=done)
    Completion.objects.bulk_create(
        Completion(item=one, done_on=done[one.pk], note=note, by=by, at=now) for one in items
    )
    write_down(by, "mark_done", annual, count=len(items), note=note)
