"""How long someone stays signed in."""

from django.conf import settings
from django.utils import timezone

NOTICED = 300  # seconds after which being there is written down again


def begin(sender, request, user, **more) -> None:
    """Someone has signed in: their time starts."""
    now = int(timezone.now().timestamp())
    request.session["began"] = request.session["seen"] = now


def over(session, now: int) -> bool:
    """Whether a session has ended: idle too long, or begun too long ago. One of before this was counted has ended, too."""
    began, seen = session.get("began", 0), session.get("seen", 0)
    return now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE


def notice(session, now: int) -> None:
    """Keep that someone is there, at most once in a few minutes: each time is a write."""
    if now - session.get("seen", 0) > NOTICED:
        session["seen"] = now
