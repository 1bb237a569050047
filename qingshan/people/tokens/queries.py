from datetime import date

from django.db.models import QuerySet

from qingshan.people.models import Jurisdiction

from .models import Token
from .secret import digest


def tokens_of(jurisdiction: Jurisdiction | None) -> QuerySet[Token]:
    """All tokens of the jurisdiction's bodies, those that have ended included."""
    people = ("account__body", "created_by", "revoked_by")
    return Token.objects.filter(account__jurisdiction=jurisdiction).select_related(*people)


def token_shown(secret: str, today: date) -> Token | None:
    """The token of that secret, if it is good today."""
    known = Token.objects.select_related("account__body", "account__jurisdiction")
    found = known.filter(digest=digest(secret), revoked_at=None, account__is_active=True).first()
    return found if found and found.expires_on >= today else None
