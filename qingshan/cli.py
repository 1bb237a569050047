"""The command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from qingshan.commands import audit, backup, demo, evaluate, load_programme, on_record, restore, serve
from qingshan.coordination.commands import coordination
from qingshan.evaluation.commands import forecast, reports
from qingshan.evaluation.scores.commands import scores
from qingshan.evidence.registers.commands import registers
from qingshan.observations.assess.commands import assess
from qingshan.observations.commands import observations
from qingshan.people.commands import account
from qingshan.people.tokens.commands import token
from qingshan.programme.commands import programme


@click.group()
@click.version_option(package_name="qingshan")
@click.pass_context
def main(context):
    """青山：把生态行动计划变成可执行、可核验的计划。"""
    context.obj = on_record  # how rooms that know no database leave a line in the audit trail


programme.add_command(load_programme)
for command in (
    account,
    assess,
    audit,
    backup,
    coordination,
    demo,
    evaluate,
    forecast,
    observations,
    programme,
    registers,
    reports,
    restore,
    scores,
    serve,
    token,
):
    main.add_command(command)


@main.group()
def plan():
    """计划文本。"""


@plan.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON（偏移量以原文字符计）。")
def read_plan(file: Path, as_json: bool):
    """读一份计划（.txt .docx .pdf .html）：标题、任务、责任单位、目标。

    退出码：0 读成；2 文件读不了；3 不是计划。
    """
    from qingshan.plan.document import NotAPlan, read
    from qingshan.plan.importing import Unreadable, text_of

    try:
        reading = read(text_of(_bytes(file), file.name))
    except Unreadable as error:
        _stop(f"{error.zh} {error.en}", 2)
    except NotAPlan as error:
        _stop(f"not a plan: {error.en} 不是计划：{error.zh}", 3)
    click.echo(_json(reading) if as_json else _told(reading))


def _bytes(file: Path) -> bytes:
    from qingshan.plan.importing import Unreadable, check_size

    try:
        check_size(file.stat().st_size)
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unreadable(f"打不开文件 {file}（{reason}）。", f"The file {file} cannot be opened: {reason}.") from error


def _stop(sentence: str, status: int):
    click.echo(" ".join(sentence.split()), err=True)
    sys.exit(status)


def _json(reading) -> str:
    import json

    return json.dumps(reading.as_dict(), ensure_ascii=False, indent=2)


def _told(reading) -> str:
    facts = reading.facts
    period = "—".join(map(str, facts.period)) if facts.period else "未写明"
    head = [
        f"标题  {facts.title or '未读到'}",
        f"文号  {facts.number or '无'}",
        f"印发  {facts.issuer or '未写明'}  {facts.issued or ''}",
        f"期限  {period}",
    ]
    tasks = [f"{task.no}  {task.title}  〔{'、'.join(task.departments) or '未写责任单位'}〕" for task in reading.tasks]
    targets = [_target(target) for target in reading.targets]
    unread = [f"{number.text}  {number.why}" for number in reading.unread_numbers]
    parts = (("任务", tasks), ("目标", targets), ("未读懂的数字", unread))
    return "\n".join([*head, *(line for name, lines in parts for line in _part(name, lines))])


def _part(name: str, lines: list[str]) -> list[str]:
    return ["", f"{name}（{len(lines)}）", *(f"  {line}" for line in lines)]


def _target(target) -> str:
    value = (
        ""
        if target.value is None
        else "—".join(map(str, target.value))
        if isinstance(target.value, tuple)
        else target.value
    )
    where = "全局" if target.scope == "overall" else f"任务{target.scope}"
    return f"{where}  {target.metric}  {target.op} {value}{target.unit or ''}  {target.by or ''}  {target.note}"
