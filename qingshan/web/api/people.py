"""Accounts and access tokens: who may come in."""

from datetime import date, datetime, timedelta
from typing import Literal

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from ninja import Router, Schema, Status
from pydantic import Field

from qingshan.people import actions
from qingshan.people.actions import require
from qingshan.people.models import Body, User
from qingshan.people.queries import accounts_of, locked_out
from qingshan.people.tokens import actions as tokens
from qingshan.people.tokens.queries import tokens_of
from qingshan.plan.actions import Refused
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers, written
from qingshan.web.api.problems import Fault, Misasked

router = Router(tags=["账号 people"])
ACCOUNT, TOKEN = "/people/{int:number}", "/tokens/{int:number}"
Email = Field("", max_length=120, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$", description="name@example.org, or empty")
Role = Literal["office", "liaison", "leader", "auditor", "admin"]


class AccountOut(Schema):
    number: int
    account: str
    name: str
    role: str
    body: str | None
    active: bool
    locked_until: datetime | None


class AccountIn(Schema):
    account: str = Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")
    name: str = Field(min_length=1, max_length=60)
    role: Role
    body: str = Field("", max_length=60, description="code of the body; a liaison has one")
    email: str = Email
    password: str = Field(max_length=200, description="the first one; its holder changes it at once")


class Password(Schema):
    password: str = Field(max_length=200)


class TokenOut(Schema):
    """`scope`: read or write. The token itself is told once, when it is made."""

    number: int
    name: str
    body: str
    account: str
    scope: str
    expires_on: date
    last_used_on: date | None
    revoked_at: datetime | None


class TokenMade(TokenOut):
    secret: str


class TokenIn(Schema):
    body: str = Field(max_length=60)
    name: str = Field(min_length=1, max_length=60)
    scope: Literal["read", "write"] = "read"
    expires_on: schemas.Day


@router.get("/people", response=answers(list[AccountOut]))
def list_people(request):
    """本地的账号（系统管理）。 The accounts of one's place (administrator)."""
    require(request.user, "manage_people")
    locked = locked_out()
    return [_account(one, locked.get(one.username)) for one in accounts_of(request.user.jurisdiction)]


def _account(one: User, locked: datetime | None = None) -> AccountOut:
    return AccountOut(
        number=one.pk, account=one.username, name=str(one), role=one.role, body=one.body.code if one.body_id else None,
        active=one.is_active, locked_until=locked,
    )  # fmt: skip


@router.post("/people", response=written(AccountOut, 201))
def open_account(request, given: AccountIn):
    """开通账号，首次登录须改密码（系统管理）。 Open an account; its first password is changed at once (administrator)."""
    require(request.user, "manage_people")
    if User.objects.filter(username=given.account).exists():
        raise Refused(
            f"账号“{given.account}”已经有人使用，请换一个。", f"The account {given.account} is taken; choose another."
        )
    if given.role == "liaison" and not given.body:
        raise Refused("联络员须代表一个部门，请选定。", "A liaison speaks for a body; name it.")
    _good(given.password)
    made = actions.open_account(
        by=request.user, username=given.account, name=given.name, role=given.role, email=given.email, password=given.password,
        jurisdiction=request.user.jurisdiction, body=_body(request, given.body) if given.body else None, handed_out=True,
    )  # fmt: skip
    return Status(201, _account(made))


def _good(password: str, user: User | None = None) -> None:
    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            try:
                validate_password(password, user)
            except ValidationError as wrong:
                told[language] = " ".join(wrong.messages)
    if told:
        raise Misasked([Fault(field="password", zh=told["zh-hans"], en=told["en"])])


def _body(request, code: str) -> Body:
    found = Body.objects.filter(jurisdiction=request.user.jurisdiction, code=code).first()
    if found is None:
        raise Refused(f"没有部门“{code}”，请核对代码。", f"There is no body {code}; check its code.")
    return found


def _found(request, number: int) -> User:
    require(request.user, "manage_people")
    return get_object_or_404(accounts_of(request.user.jurisdiction), pk=number)


@router.post(ACCOUNT + "/close", response=written(AccountOut))
def close_account(request, number: int):
    """关闭账号，做过的事仍留在记录里（系统管理）。 Shut an account; what it did stays on record (administrator)."""
    return _account(actions.close_account(by=request.user, user=_found(request, number)))


@router.post(ACCOUNT + "/reopen", response=written(AccountOut))
def reopen_account(request, number: int):
    """重新开放账号（系统管理）。 Let the holder of a closed account in again (administrator)."""
    return _account(actions.reopen_account(by=request.user, user=_found(request, number)))


@router.post(ACCOUNT + "/unlock", response=written(AccountOut))
def unlock_account(request, number: int):
    """解锁密码输错过多的账号（系统管理）。 Unlock an account after too many wrong passwords (administrator)."""
    user = _found(request, number)
    actions.unlock_account(by=request.user, user=user)
    return _account(user)


@router.post(ACCOUNT + "/reset", response=written(AccountOut))
def reset_password(request, number: int, given: Password):
    """重设密码，首次登录须修改（系统管理）。 Give an account a new first password (administrator)."""
    user = _found(request, number)
    _good(given.password, user)
    return _account(actions.reset_password(by=request.user, user=user, password=given.password))


# --- tokens


@router.get("/tokens", response=answers(list[TokenOut]))
def list_tokens(request):
    """访问令牌（计划办、系统管理）。 Access tokens, those that have ended too (plan office, administrator)."""
    require(request.user, "manage_tokens")
    return [TokenOut(**_token(one)) for one in tokens_of(request.user.jurisdiction)]


def _token(one) -> dict:
    told = {"number": one.pk, "body": one.account.body.code, "account": one.account.username}
    return shapes.same(one, TokenOut) | told


@router.post("/tokens", response=written(TokenMade, 201))
def make_token(request, given: TokenIn):
    """给部门的系统发放令牌，只显示这一次（计划办、系统管理）。 Issue a token to a body's system; it is told this once (office, administrator)."""
    require(request.user, "manage_tokens")
    today = timezone.localdate()
    last = today + timedelta(days=tokens.LONGEST)
    if not today <= given.expires_on <= last:
        raise Refused(
            f"有效期 {given.expires_on} 应在今天 {today} 与 {last} 之间。",
            f"The last day, {given.expires_on}, should lie between today, {today}, and {last}.",
        )
    told = {"name": given.name, "scope": given.scope, "expires_on": given.expires_on, "today": today}
    made, secret = tokens.new_token(by=request.user, body=_body(request, given.body), **told)
    return Status(201, TokenMade(**_token(made), secret=secret))


@router.post(TOKEN + "/revoke", response=written(TokenOut))
def revoke_token(request, number: int):
    """吊销令牌，立即失效（计划办、系统管理）。 End a token at once (plan office, administrator)."""
    require(request.user, "manage_tokens")
    found = get_object_or_404(tokens_of(request.user.jurisdiction), pk=number)
    return TokenOut(**_token(tokens.revoke_token(by=request.user, token=found)))
