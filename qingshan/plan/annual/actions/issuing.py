"""Lists and their amendments are numbered and frozen."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from qingshan.people.actions import require
from qingshan.people.models import User
from qingshan.plan.actions import Refused

from ..models import Amendment, AnnualList, Item
from ..queries import Entry, sheet_of
from ..standing import next_number
from .doors import amended_of, draft_of, issued_of, write_down


@transaction.atomic
def issue(*, by: User | None, annual: AnnualList, on: date) -> AnnualList:
    """Number the draft and freeze it."""
    require(by, "issue_list")
    annual = draft_of(annual)
    entries = sheet_of(annual).entries
    if not entries:
        raise Refused("清单里还没有项目，不能印发。", "The list has no item yet and cannot be issued.")
    _check_leads(entries)
    _check_day(annual, on, [])
    _set_order(entries)
    annual.state, annual.number = AnnualList.State.ISSUED, next_number(annual.year, [])
    annual.issued_on, annual.issued_by, annual.issued_at = on, by, timezone.now()
    annual.save()
    write_down(by, "issue_list", annual, number=annual.number, count=len(entries), issued=str(on))
    return annual


def _check_leads(entries: list[Entry]) -> None:
    undecided = [one.title for one in entries if not one.decided]
    if undecided:
        raise Refused(f"还有 {len(undecided)} 项没有确定牵头部门，例如“{undecided[0]}”，请先确定。",
                      f"{len(undecided)} items have no decided lead, for instance “{undecided[0]}”; decide them first.")  # fmt: skip


def _check_day(annual: AnnualList, on: date, before: list[date]) -> None:
    """The day of issue lies within a year of the list's year, and not before that of an earlier paper."""
    if abs(on.year - annual.year) > 1:
        raise Refused(f"印发日期 {on} 与清单年份 {annual.year} 相差一年以上，请核对。",
                      f"The day of issue, {on}, lies more than a year from the list's year, {annual.year}; check it.")  # fmt: skip
    if before and on < max(before):
        raise Refused(f"印发日期 {on} 早于上一份文件的 {max(before)}，请核对。",
                      f"The day of issue, {on}, lies before that of the paper before, {max(before)}; check it.")  # fmt: skip


def _set_order(entries: list[Entry]) -> None:
    """Numbers without gaps, theme by theme."""
    items = [entry.item for entry in sorted(entries, key=lambda one: (one.item.theme_no, one.item.order))]
    for order, item in enumerate(items, 1):
        item.order = order
    Item.objects.bulk_update(items, ["order"])


@transaction.atomic
def begin_amendment(*, by: User | None, annual: AnnualList, why: str) -> Amendment:
    """An amendment of an issued list in preparation; a list has one at a time."""
    require(by, "edit_list")
    annual = issued_of(annual)
    if not why.strip():
        raise Refused("请写明为什么修订。", "Say why the list is amended.")
    if annual.amendments.filter(issued_at=None).exists():
        raise Refused("这份清单已有一次修订在准备，请先印发或作废它。", "An amendment of this list is being prepared; issue or drop it first.")  # fmt: skip
    ordinal = (annual.amendments.aggregate(top=Max("ordinal"))["top"] or 0) + 1
    made = Amendment.objects.create(
        annual=annual, ordinal=ordinal, why=why.strip(), created_by=by, created_at=timezone.now()
    )
    write_down(by, "begin_amendment", annual, made, why=made.why)
    return made


@transaction.atomic
def issue_amendment(*, by: User | None, annual: AnnualList, on: date) -> Amendment:
    """Number the amendment in preparation and freeze it; from now on the list stands as amended."""
    require(by, "issue_list")
    annual, amendment = amended_of(annual)
    count = amendment.changes.count() + amendment.added.count()
    if not count:
        raise Refused("修订里还没有改动，不能印发。请先修改、增加或删去项目。",
                      "The amendment changes nothing yet; change, add or remove an item first.")  # fmt: skip
    papers = [annual, *annual.amendments.exclude(issued_at=None)]
    _check_leads(sheet_of(annual, prepared=True).standing)
    _check_day(annual, on, [one.issued_on for one in papers])
    amendment.number = next_number(annual.year, [one.number for one in papers])
    amendment.issued_on, amendment.issued_by, amendment.issued_at = on, by, timezone.now()
    amendment.save()
    write_down(by, "issue_amendment", annual, amendment, number=amendment.number, count=count, issued=str(on))
    return amendment


@transaction.atomic
def drop_amendment(*, by: User | None, annual: AnnualList) -> None:
    """Give up the amendment in preparation."""
    require(by, "edit_list")
    annual, amendment = amended_of(annual)
    write_down(by, "drop_amendment", annual, amendment, why=amendment.why)
    amendment.changes.all().delete()
    amendment.added.all().delete()  # while it still is in preparation: of an issued list nothing else can be taken away
    amendment.delete()
