"""Who leads an item: proposed with a reason, decided on record."""

from django.db import transaction
from django.utils import timezone

from qingshan.people.actions import require
from qingshan.people.models import Body, User
from qingshan.plan.actions import Refused

from ..models import AnnualList, Item
from .doors import open_to_change, write_down

DECIDED = ("lead_code", "lead_name", "decided_by", "decided_at", "decided_why")


@transaction.atomic
def decide_lead(*, by: User | None, item: Item, code: str, why: str = "") -> Item:
    """The office's choice of the lead of an item that is not issued yet; another than the proposed one needs its reason."""
    require(by, "edit_list")
    annual, amendment = open_to_change(item.annual)
    item = annual.items.filter(pk=item.pk, amendment=amendment).first()
    if item is None:
        raise Refused("这一项已经印发或删去，请用“修改”调整牵头部门。", "This item has been issued or taken out; edit it to change its lead.")  # fmt: skip
    others = [[one, name] for one, name in item.partners if one != code]
    before = (item.lead_code, item.lead_name) if item.lead_code else (item.proposed_code, item.proposed_name)
    decide(by, item, code, why)
    if before[0] not in ("", code) and list(before) not in others:
        others.insert(0, list(before))
    item.partners = others
    item.save()
    write_down(by, "decide_lead", annual, amendment, item=item.title, lead=item.lead_name, proposed=item.proposed_name,
                why=item.decided_why)  # fmt: skip
    return item


def decide(by: User | None, item: Item, code: str, why: str) -> None:
    known = {one.code: one for one in Body.objects.filter(jurisdiction=item.annual.programme.jurisdiction)}
    if code not in known:
        raise Refused("请从部门名录中选定牵头部门。", "Choose the leading body from the directory.")
    body, proposed = known[code], known.get(item.proposed_code)
    if proposed and body != proposed and not why.strip():
        raise Refused(
            f"建议由{proposed}牵头，改由{body}牵头须写明理由。",
            f"{proposed.name_en or proposed} was proposed; say why {body.name_en or body} should lead instead.",
        )
    item.lead_code, item.lead_name = body.code, body.name
    item.decided_by, item.decided_at = by, timezone.now()
    item.decided_why = why.strip() if code != item.proposed_code else ""


@transaction.atomic
def accept_leads(*, by: User | None, annual: AnnualList) -> int:
    """Decide every undecided item as proposed; says how many. Items without a proposal stay open."""
    require(by, "edit_list")
    annual, amendment = open_to_change(annual)
    found = list(annual.items.filter(lead_code="", amendment=amendment).exclude(proposed_code=""))
    for item in found:
        item.lead_code, item.lead_name = item.proposed_code, item.proposed_name
        item.decided_by, item.decided_at, item.decided_why = by, timezone.now(), ""
    Item.objects.bulk_update(found, DECIDED)
    if found:
        write_down(by, "accept_leads", annual, amendment, count=len(found))
    return len(found)
