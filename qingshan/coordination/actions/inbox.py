"""What a person has read, how they want to be written to, and the daily digest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.utils import timezone

from qingshan.coordination.letters import Line, letter
from qingshan.coordination.models import (
    Notice,
    Preference,
    Seen,
    Sent,
)
from qingshan.coordination.queries import READERS, inbox, lines_for
from qingshan.people.actions import record, require
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from .telling import write_down

LANGUAGES = ("zh-hans", "en")


@transaction.atomic
def read_notices(*, by: User, notices: Iterable[Notice] | None = None) -> int:
    """Mark notices of one's own inbox as read, all without any named. Leaves no line in the audit trail."""
    mine = inbox(by).exclude(seen__user=by)
    if notices is not None:
        mine = mine.filter(pk__in=[one.pk for one in notices])
    now = timezone.now()
    made = [Seen(user=by, notice_id=pk, at=now) for pk in mine.values_list("pk", flat=True)]
    Seen.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def set_preference(*, by: User, email: str, language: str, by_mail: bool) -> Preference:
    """How a person wants to be written to. The trail says that it was changed, not the address."""
    if language not in LANGUAGES:
        raise Refused(f"没有“{language}”这种语言。", f"There is no language “{language}”.")
    made, _ = Preference.objects.update_or_create(user=by, defaults={"language": language, "by_mail": by_mail})
    User.objects.filter(pk=by.pk).update(email=email)
    record(by=by, verb="set_preference", thing=f"people.user {by.username}", jurisdiction=by.jurisdiction)
    return made


@dataclass
class Posted:
    """How the digests of a day went: accounts written to, without anything new, without an address, and failed."""

    sent: int = 0
    nothing: int = 0
    no_address: int = 0
    declined: int = 0
    failed: int = 0


def send_digests(*, by: User | None, programme: Programme, on: date, site: str = "") -> Posted:
    """Write to everyone what waits for them, once per day and matter. An account without an address is skipped and counted."""
    require(by, "run_coordination")
    posted = Posted()
    people = User.objects.filter(jurisdiction=programme.jurisdiction, is_active=True, role__in=READERS)
    for user in people.select_related("body", "preference").order_by("pk"):
        result = _digest(user, programme, on, site)
        setattr(posted, result, getattr(posted, result) + 1)
    if posted.sent or posted.failed:
        with transaction.atomic():
            write_down(by, programme, "send_digests", f"coordination.programme {programme.code}", as_of=str(on),
                        count=posted.sent, failed=posted.failed)  # fmt: skip
    return posted


def _digest(user: User, programme: Programme, on: date, site: str) -> str:
    wants = getattr(user, "preference", None)
    if wants and not wants.by_mail:
        return "declined"
    if not user.email:
        return "no_address"
    lines = lines_for(user, programme, on)
    known = set(Sent.objects.filter(user=user, on=on).values_list("thing", flat=True))
    new = [one for one in lines if one.thing not in known]
    return _post(user, programme, on, site, new, wants.language if wants else LANGUAGES[0]) if new else "nothing"


def _post(user: User, programme: Programme, on: date, site: str, lines: list[Line], language: str) -> str:
    said = letter(
        language, programme.title_en if language == "en" and programme.title_en else programme.title, on, lines, site
    )
    mail = EmailMultiAlternatives(said.subject, said.text, to=[user.email])
    mail.attach_alternative(said.html, "text/html")
    try:
        with transaction.atomic():  # what could not be sent was not sent
            Sent.objects.bulk_create(Sent(user=user, on=on, thing=one.thing) for one in lines)
            mail.send()
    except (OSError, IntegrityError):
        return "failed"
    return "sent"
