"""In what state a list must be for a write, and the line that every write leaves."""

from qingshan.people.actions import NotAllowed, record
from qingshan.people.models import User
from qingshan.plan.actions import Refused

from ..models import Amendment, AnnualList


def locked(annual: AnnualList) -> AnnualList:
    found = AnnualList.objects.select_for_update().filter(pk=annual.pk).first()
    if found is None:
        raise Refused("这份清单已经作废。", "This list has been dropped.")
    return found


def draft_of(annual: AnnualList) -> AnnualList:
    """The list, if it is a draft at this moment; it stays one until the transaction ends."""
    annual = locked(annual)
    if annual.state != AnnualList.State.DRAFT:
        raise NotAllowed(
            f"{annual.year} 年清单已印发（{annual.number}），内容已冻结。如需修改，请作修订。",
            f"The list of {annual.year} was issued as {annual.number} and is frozen; make an amendment to change it.",
        )
    return annual


def issued_of(annual: AnnualList) -> AnnualList:
    annual = locked(annual)
    if annual.state != AnnualList.State.ISSUED:
        raise Refused("清单还没有印发，可以直接修改，也还不能登记完成。",
                      "The list is still a draft: edit it as it is; nothing of it can be done yet.")  # fmt: skip
    return annual


def open_to_change(annual: AnnualList) -> tuple[AnnualList, Amendment | None]:
    """The list if it can be written to: a draft, or issued with an amendment in preparation, which is returned beside it."""
    annual = locked(annual)
    amendment = annual.amendments.filter(issued_at=None).first()
    return (annual, amendment) if amendment else (draft_of(annual), None)


def amended_of(annual: AnnualList) -> tuple[AnnualList, Amendment]:
    annual, amendment = open_to_change(annual)
    if amendment is None:
        raise Refused("没有在准备的修订。", "No amendment is being prepared.")
    return annual, amendment


def write_down(by: User | None, verb: str, annual: AnnualList, amendment: Amendment | None = None, **detail) -> None:
    if amendment:
        detail["amendment"] = amendment.ordinal
    programme = annual.programme
    thing = f"plan.annual {programme.code}/{annual.year}"
    record(by=by, verb=verb, thing=thing, jurisdiction=programme.jurisdiction, detail=detail)
