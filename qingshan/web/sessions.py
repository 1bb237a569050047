"""How long someone stays signed in."""

from django.conf import settings
from django.utils import timezone

from qingshan.plan.models import Programme

NOTICED = 300  # seconds after which being there is written down again


def begin(sender, request, user, **more) -> None:
    """Someone has signed in: their time starts, in the language of their programme."""
    now = int(timezone.now().timestamp())
    request.session["began"] = request.session["seen"] = now
    newest = Programme.objects.filter(jurisdiction=user.jurisdiction_id).order_by("-id").first()
    if newest and newest.about.get("language"):
        request.session["language"] = newest.about["language"]


def over(session, now: int) -> bool:
    """Whether a session has ended: idle too long, or begun too long ago. One of before this was counted has ended, too."""
    began, seen = session.get("began", 0), session.get("seen", 0)
    return now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE


def notice(session, now: int) -> None:
    """Keep that someone is there, at most once in a few minutes: each time is a write."""
    if now - session.get("seen", 0) > NOTICED:
        session["seen"] = now
