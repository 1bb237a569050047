"""`qingshan scores …`"""

from __future__ import annotations

import json
import sys

import click

from qingshan.people.commands import refusal
from qingshan.plan.commands import WHICH, programme_named

PERIOD = click.argument("period", metavar="PERIOD")


@click.group()
def scores():
    """部门评分：计算、核验。"""


@scores.command("compute")
@PERIOD
@WHICH
@click.option("--json", "as_json", is_flag=True, help="输出完整评分记录。")
def compute_command(period: str, code: str | None, as_json: bool):
    """计算 PERIOD（2025、2025-H1 或 2025-H2）的评分，存为草稿，替换该期间原有的草稿。"""
    programme = programme_named(code)
    from qingshan.plan.actions import Refused

    from .actions import compute_sheet

    try:
        sheet = compute_sheet(by=None, programme=programme, period=period)
    except Refused as refused:
        raise refusal(refused) from None
    click.echo(sheet.record if as_json else _told(sheet), nl=not as_json)


@scores.command("verify")
@PERIOD
@WHICH
def verify_command(period: str, code: str | None):
    """核验 PERIOD 的评分表：由存档各行重算，再由当时的数据重取各行；不同则指出，以状态 1 结束。"""
    programme = programme_named(code)
    from .queries import sheets_of

    sheet = sheets_of(programme).exclude(state="withdrawn").filter(period=period).first()
    if sheet is None:
        raise click.ClickException(f"没有 {period} 的评分表，请先运行 qingshan scores compute {period}。")
    faults = list(differences(sheet))
    for one in faults:
        click.echo(one, err=True)
    if faults:
        sys.exit(1)
    click.echo(f"{sheet}核验一致：由存档各行重算、由当时数据重取，均逐字节相同（SHA-256 {sheet.digest[:12]}…）。")


def differences(sheet):
    """What does not fit: the digest, the sums from the record's own lines, and those lines against what was recorded then."""
    from qingshan.config.version import SCORING, code_version
    from qingshan.evaluation.record import canonical, digest

    from .actions import computed
    from .queries import excluded_by
    from .sheet import again

    record, excluded = json.loads(sheet.record), excluded_by(sheet)
    if digest(sheet.record) != sheet.digest:
        yield f"存档被改动过：校验值应为 {sheet.digest[:12]}…，现为 {digest(sheet.record)[:12]}…。"
    if canonical(again(record, excluded)) != sheet.record:
        yield "由存档各行和已支持的异议重算，结果与存档不同。"
    anew = json.loads(computed(sheet))
    if canonical(again(anew, excluded)) != sheet.record:
        changed = len({_line(one) for one in anew["lines"]} ^ {_line(one) for one in record["lines"]})
        yield f"由当时数据重取的各行与存档有 {changed} 处不同。"
        if sheet.code_version != code_version(SCORING):
            yield f"存档由程序版本 {sheet.code_version} 计算，现在是 {code_version(SCORING)}。"


def _line(one: dict) -> str:
    return json.dumps({**one, "excluded": None}, sort_keys=True)


def _told(sheet) -> str:
    record = json.loads(sheet.record)
    lines = [f"{sheet}（{sheet.get_state_display()}），评估日 {sheet.as_of}："]
    for body in record["bodies"]:
        parts = "，".join(
            f"{name} {one['good']}/{one['of']}" for name, one in body["parts"].items() if one["share"] is not None
        )
        lines.append(f"{body['code']}：{parts or '没有应计事项'}")
    return "\n".join(lines)
