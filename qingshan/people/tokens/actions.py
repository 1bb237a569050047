from datetime import date

from django.db import transaction
from django.utils import timezone

from qingshan.people.actions import NotAllowed, record, require, turn
from qingshan.people.models import Body, Role, User

from .models import Scope, Token
from .secret import digest, fresh

LONGEST = 366  # days


@transaction.atomic
def new_token(
    *, by: User | None, body: Body, name: str, scope: str, expires_on: date, today: date
) -> tuple[Token, str]:
    """A token for the body's own system, and the secret, which is told this once and not kept."""
    require(by, "manage_tokens")
    _good_for(expires_on, today)
    turn()  # two at once would take the same number
    secret = fresh()
    token = Token.objects.create(
        account=_account(body, name), name=name, scope=Scope(scope), digest=digest(secret), expires_on=expires_on,
        created_at=timezone.now(), created_by=by,
    )  # fmt: skip
    _about(by, "new_token", token, scope=scope, expires=expires_on.isoformat())
    return token, secret


def _good_for(expires_on: date, today: date) -> None:
    days = (expires_on - today).days
    if not 0 <= days <= LONGEST:
        raise NotAllowed(
            f"令牌的有效期到 {expires_on}，离今天 {days} 天；应在 0 至 {LONGEST} 天之间。",
            f"The token would be good until {expires_on}, {days} days from today; it may be 0 to {LONGEST}.",
        )


def _account(body: Body, name: str) -> User:
    """A liaison of the body whom nobody can sign in as."""
    count = User.objects.filter(body=body, token__isnull=False).count()
    user = User(username=f"api-{body.jurisdiction.code}-{body.code}-{count + 1}", role=Role.LIAISON, first_name=name,
                jurisdiction=body.jurisdiction, body=body)  # fmt: skip
    user.set_unusable_password()
    user.save()
    return user


@transaction.atomic
def revoke_token(*, by: User | None, token: Token) -> Token:
    """End a token. It stays on the list, since the trail names it."""
    require(by, "manage_tokens")
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = timezone.now(), by
        token.save(update_fields=["revoked_at", "revoked_by"])
        User.objects.filter(pk=token.account_id).update(is_active=False)
        _about(by, "revoke_token", token)
    return token


def used_token(*, token: Token, today: date) -> None:
    """Keep the day a token was last used; of no consequence to anything shown or judged, and so not in the trail."""
    if token.last_used_on != today:
        Token.objects.filter(pk=token.pk).update(last_used_on=today)


def _about(by: User | None, verb: str, token: Token, **detail) -> None:
    account = token.account
    record(
        by=by, verb=verb, thing=f"people.token {account.username}", jurisdiction=account.jurisdiction,
        detail={"name": token.name, "bodies": [account.body.code], **detail},
    )  # fmt: skip
