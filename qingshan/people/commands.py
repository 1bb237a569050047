"""`qingshan account …`"""

import os

import click

ROLES = click.Choice(["office", "liaison", "leader", "auditor", "admin"])
PLACE = click.option("--place", help="辖区代码；只有一个辖区时可以不写。")
PASSWORD = click.password_option(prompt="密码", confirmation_prompt="再输一次", help="不写则在屏幕上询问。")
LOGIN = click.argument("login")


def refusal(reason) -> click.ClickException:
    """What a command ends with where something is refused, in both languages of the reason."""
    return click.ClickException(f"{reason.zh} {reason.en}")


@click.group()
def account():
    """账户：开通、关闭、重新开放、重设密码、解锁。"""


@account.command("open")
@LOGIN
@click.option("--role", type=ROLES, required=True, help="角色。")
@click.option("--name", required=True, help="称呼，如“区水务局联络员”。")
@click.option("--body", help="所代表部门的代码；联络员必填。")
@click.option("--email", default="", help="邮箱。")
@click.option("--own", is_flag=True, help="密码由本人自己输入，首次登录不必修改。")
@PLACE
@PASSWORD
def open_(login: str, role: str, name: str, body: str | None, email: str, own: bool, place: str | None, password: str):
    """开通账户 LOGIN，例如第一个系统管理账户。"""
    prepared()
    from qingshan.people.actions import open_account
    from qingshan.people.models import User

    jurisdiction = jurisdiction_of(place)
    if User.objects.filter(username=login).exists():
        raise click.ClickException(f"账户“{login}”已经存在，请换一个名称。")
    _check(password)
    open_account(
        by=None, username=login, password=password, role=role, name=name, jurisdiction=jurisdiction,
        body=body_of(jurisdiction, body, needed=role == "liaison"), email=email, handed_out=not own,
    )  # fmt: skip
    click.echo(f"已开通账户 {login}（{name}）。" + ("" if own else "首次登录时须修改密码。"))


@account.command("close")
@LOGIN
def close(login: str):
    """关闭账户 LOGIN：立即退出，不能再登录；不删除。"""
    from qingshan.people.actions import close_account

    close_account(by=None, user=_user(login))
    click.echo(f"已关闭账户 {login}。")


@account.command("reopen")
@LOGIN
def reopen(login: str):
    """重新开放账户 LOGIN。"""
    from qingshan.people.actions import reopen_account

    reopen_account(by=None, user=_user(login))
    click.echo(f"已重新开放账户 {login}。")


@account.command("reset")
@LOGIN
@PASSWORD
def reset(login: str, password: str):
    """重设 LOGIN 的密码；用新密码登录时须先修改。"""
    from qingshan.people.actions import reset_password

    user = _user(login)
    _check(password, user)
    reset_password(by=None, user=user, password=password)
    click.echo(f"已重设账户 {login} 的密码，首次登录时须修改。")


@account.command("unlock")
@LOGIN
def unlock(login: str):
    """解锁因连续输错密码而锁定的账户 LOGIN。"""
    from qingshan.people.actions import unlock_account

    forgotten = unlock_account(by=None, user=_user(login))
    click.echo(f"已解锁账户 {login}。" if forgotten else f"账户 {login} 没有锁定。")


def prepared() -> None:
    """Django with its tables as this version needs them; a sentence where it cannot make them so."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingshan.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    of_a_known_version()
    call_command("migrate", verbosity=0)


def of_a_known_version() -> None:
    """A sentence where the tables stopped halfway to the first release, whose steps are one now."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection, ignore_no_migrations=True)
    applied = loader.applied_migrations.keys()
    if any(0 < len(applied & set(one.replaces)) < len(one.replaces) for one in loader.disk_migrations.values()):
        raise click.ClickException(
            "数据库是 2026 年 11 月 30 日以前的开发版建的，本程序不能直接升级。请先用 2026 年 11 月 30 日的版本升级一次，再用本程序。"
        )


def jurisdiction_of(code: str | None):
    from qingshan.people.models import Jurisdiction

    known = {one.code: one for one in Jurisdiction.objects.all()}
    if code is None and len(known) == 1:
        return next(iter(known.values()))
    if code not in known:
        there = "、".join(f"{one.code} {one.name}" for one in known.values()) or "（没有；请先载入计划资料）"
        raise click.ClickException(f"请用 --place 指明辖区，现有：{there}。")
    return known[code]


def body_of(jurisdiction, code: str | None, needed: bool):
    found = jurisdiction.bodies.filter(code=code).first() if code else None
    if found is None and (code or needed):
        there = "、".join(f"{one.code} {one.name}" for one in jurisdiction.bodies.all())
        raise click.ClickException(f"请用 --body 指明所代表的部门，现有：{there}。")
    return found


def _user(login: str):
    prepared()
    from qingshan.people.models import User

    if found := User.objects.filter(username=login).first():
        return found
    raise click.ClickException(f"没有账户“{login}”，请核对名称。")


def _check(password: str, user=None) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise click.ClickException("".join(weak.messages)) from None
