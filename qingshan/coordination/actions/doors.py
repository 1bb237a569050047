"""Who may act for whom."""

from collections.abc import Iterable

from qingshan.people.actions import NotAllowed
from qingshan.people.models import Role, User


def of_own_body(by: User | None, codes: Iterable[str]) -> None:
    """A liaison acts for the own body alone."""
    if by is None or by.role != Role.LIAISON or by.body.code in [code for code in codes if code]:
        return
    raise NotAllowed(
        f"“{by}”代表{by.body}，不能替别的部门办理。", f"“{by}” speaks for {by.body} and cannot act for another body."
    )
