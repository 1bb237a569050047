"""`qingshan token …`"""

from datetime import datetime, timedelta

import click

from qingshan.people.commands import PLACE, body_of, jurisdiction_of, prepared, refusal


@click.group()
def token():
    """访问令牌：部门自己的系统凭它使用接口。"""


@token.command("new")
@click.argument("name")
@click.option("--body", required=True, help="部门代码。")
@click.option("--scope", type=click.Choice(["read", "write"]), default="read", show_default=True, help="只读或读写。")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="有效期的最后一天；默认 180 天。")
@PLACE
def new(name: str, body: str, scope: str, until: datetime | None, place: str | None):
    """发放一个用途为 NAME 的令牌；令牌只在此时打印一次。"""
    prepared()
    from django.utils import timezone

    from qingshan.people.actions import NotAllowed
    from qingshan.people.tokens.actions import new_token

    today = timezone.localdate()
    last = until.date() if until else today + timedelta(days=180)
    found = body_of(jurisdiction_of(place), body, needed=True)
    try:
        made, secret = new_token(by=None, body=found, name=name, scope=scope, expires_on=last, today=today)
    except NotAllowed as refused:
        raise refusal(refused) from None
    click.echo(
        f"令牌 {made.account.username}（{found.name}，{made.get_scope_display()}，有效至 {last}），请立即保存：",
        err=True,
    )
    click.echo(secret)


@token.command("list")
@PLACE
def list_(place: str | None):
    """列出所有令牌，包括已过期和已吊销的。"""
    prepared()
    from django.utils import timezone

    from qingshan.people.tokens.queries import tokens_of

    for one in tokens_of(jurisdiction_of(place)):
        click.echo(
            "  ".join([one.account.username, one.name, one.get_scope_display(), _state(one, timezone.localdate())])
        )


def _state(one, today) -> str:
    if one.revoked_at:
        return "已吊销"
    return f"{one.expires_on} 已过期" if one.expires_on < today else f"有效至 {one.expires_on}"


@token.command("revoke")
@click.argument("account")
def revoke(account: str):
    """吊销令牌；ACCOUNT 如 qingshan token list 的第一列。"""
    prepared()
    from qingshan.people.tokens.actions import revoke_token
    from qingshan.people.tokens.models import Token

    found = Token.objects.filter(account__username=account).first()
    if found is None:
        raise click.ClickException(f"没有令牌 {account}，请用 qingshan token list 核对。")
    revoke_token(by=None, token=found)
    click.echo(f"已吊销令牌 {account}。")
