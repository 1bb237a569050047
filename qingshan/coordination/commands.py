"""`qingshan coordination …`, for a timer of the machine."""

import click

from qingshan.people.commands import refusal
from qingshan.plan.commands import WHICH, programme_named

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def coordination():
    """协调：提示、警示、通报和每日摘要。"""


@coordination.command("run")
@WHICH
@click.option("--as-of", "day", type=DAY, help="截至哪一天；默认今天。")
def run_command(code: str | None, day):
    """找出停滞的事项，按规则提示；办好的自动销号。同一天再次运行不重复提示。"""
    programme, on = programme_named(code), _on(day)
    from qingshan.coordination.actions import run
    from qingshan.plan.actions import Refused

    try:
        done = run(by=None, programme=programme, on=on)
    except Refused as refused:
        raise refusal(refused) from None
    levels = "，".join(f"{name} {sum(one.level == level for one in done.raised)}" for level, name in LEVELS.items())
    click.echo(f"{programme.title}，截至 {on}：停滞 {done.stuck} 件；新发{levels}；销号 {len(done.closed)}。")


LEVELS = {1: "提示", 2: "警示", 3: "通报（待确认）"}


@coordination.command("digest")
@WHICH
@click.option("--on", "day", type=DAY, help="哪一天的摘要；默认今天。")
def digest_command(code: str | None, day):
    """给有邮箱的人各发一封摘要；同一件事一天只发一次。没有邮箱的跳过并计数。"""
    programme, on = programme_named(code), _on(day)
    from django.conf import settings

    from qingshan.coordination.actions import send_digests

    done = send_digests(by=None, programme=programme, on=on, site=settings.SITE)
    click.echo(
        f"{on} 摘要：发出 {done.sent} 封，无新事项 {done.nothing} 人，没有邮箱 {done.no_address} 人，不收邮件 {done.declined} 人，"
        f"发送失败 {done.failed} 封。"
    )
    if done.failed:
        raise SystemExit(1)


def _on(day):
    from django.utils import timezone

    return day.date() if day else timezone.localdate()
