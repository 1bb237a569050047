"""`qingshan registers …`"""

from __future__ import annotations

import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

import click

from qingshan.observations.paths import Readable, Writable
from qingshan.people.commands import refusal
from qingshan.plan.commands import WHICH, programme_named

FILE = Writable()
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def registers():
    """台账：模板、导入、导出、核对。"""


@registers.command()
@click.argument("register")
@click.argument("file", type=FILE)
@WHICH
def template(register: str, file: Path, code: str | None):
    """写出 REGISTER 的空白模板 FILE（.xlsx），供 WPS 或 Excel 填写。"""
    programme = programme_named(code)
    from .queries import write_workbook

    _answered(lambda: _into(file, lambda out: write_workbook(out, programme, register, empty=True)))
    click.echo(f"已写出 {file}")


@registers.command()
@click.argument("register")
@click.argument("file", type=FILE)
@click.option("--filter", "condition", default="", help="只要符合筛选的条目，如 “town=某镇;state!=mended”。")
@WHICH
def export(register: str, file: Path, condition: str, code: str | None):
    """把 REGISTER 的条目写到 FILE：.xlsx、.csv，或物种记录的达尔文核心压缩包 .zip。"""
    programme = programme_named(code)
    from .filters import BadFilter
    from .queries import entries, matching, register_now

    definition = register_now(programme, register)
    try:
        rows = definition and matching(entries(programme, register), definition, condition)
    except BadFilter as wrong:
        raise refusal(wrong) from None
    _answered(lambda: _write(programme, register, definition, rows, file))
    click.echo(f"已写出 {file}")


def _write(programme, register: str, definition, rows, file: Path) -> None:
    from .queries import as_csv, write_archive, write_workbook

    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as out:
            out.writelines(as_csv(programme, register, rows))
    elif file.suffix == ".zip" and definition:
        _into(file, lambda out: write_archive(out, definition, rows))
    else:
        _into(file, lambda out: write_workbook(out, programme, register, rows))


def _into(file: Path, write) -> None:
    """Write the file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as out:
        kept = Path(out.name)
        try:
            write(out)
        except BaseException:
            kept.unlink()
            raise
    kept.replace(file)


@registers.command("check")
@click.argument("register")
@click.argument("file", type=Readable())
@WHICH
def check_file(register: str, file: Path, code: str | None):
    """试导入 FILE，逐格列出问题，什么也不写入；有问题时退出码为 1。"""
    programme = programme_named(code)
    from .importing import dry_run

    content = file.read_bytes()
    outcome, faults = _answered(
        lambda: dry_run(
            by=None,
            programme=programme,
            register=register,
            content=content,
            name=file.name,
            known_on=_today(),
            watch=_rows,
        )
    )
    _list(faults)
    click.echo(f"没有问题：新增 {outcome.added} 条，修改 {outcome.changed} 条，不变 {outcome.same} 条。")


@registers.command("import")
@click.argument("register")
@click.argument("file", type=Readable())
@click.option("--known-on", type=DAY, help="得知日；默认今天。")
@WHICH
def import_file(register: str, file: Path, known_on: datetime | None, code: str | None):
    """导入 FILE（.xlsx、.csv，或物种记录的达尔文核心压缩包 .zip）：全部导入，或因有问题一条也不导入。"""
    programme = programme_named(code)
    from .importing import FaultyFile, import_rows

    content, day = file.read_bytes(), known_on.date() if known_on else _today()
    try:
        outcome = _answered(
            lambda: import_rows(
                by=None,
                programme=programme,
                register=register,
                content=content,
                name=file.name,
                known_on=day,
                watch=_rows,
            ),
            but=FaultyFile,
        )
    except FaultyFile as faulty:
        _list(faulty.faults)
        return
    click.echo(f"已导入：新增 {outcome.added} 条，修改 {outcome.changed} 条，不变 {outcome.same} 条。")


@registers.command()
@click.option("--as-of", "day", type=DAY, help="到哪一天为止；默认今天。")
@click.option("--apply", "done", is_flag=True, help="清除所列的个人信息；不写则只列出。")
@click.option("--by", "login", help="办理人的账号；与 --apply 一起写。")
@click.option("--why", default="", help="理由，记入审计。")
@WHICH
def retention(day: datetime | None, done: bool, login: str | None, why: str, code: str | None):
    """列出保存期满、应清除的个人信息；加 --apply 时由 --by 指明的人清除，记录在案。"""
    programme = programme_named(code)
    from django.utils import timezone

    from qingshan.people.actions import NotAllowed
    from qingshan.people.models import User

    from .actions import redact
    from .queries import overdue

    as_of = day.date() if day else _today()
    by = User.objects.filter(username=login, jurisdiction=programme.jurisdiction).first() if login else None
    if login and by is None:
        raise click.ClickException(f"没有账号 {login}。 There is no account {login}.")
    try:
        found = (
            _answered(lambda: redact(by=by, programme=programme, as_of=as_of, why=why))
            if done
            else overdue(programme, as_of, timezone.now())
        )
    except NotAllowed as refused:
        raise refusal(refused) from None
    for one in found:
        names = "、".join(one.definition.field[code].name.zh for code in one.fields)
        click.echo(
            f"{one.due_on}　{one.definition.name.zh}　{one.entry.key}　{names}（{one.since} 起关闭，保存 {one.definition.retention_years} 年）"
        )
    click.echo(f"{'已清除' if done else '到期应清除'} {len(found)} 条。")


def _list(faults) -> None:
    for fault in faults:
        click.echo(f"{fault} {fault.en}")
    if faults:
        click.echo(f"共 {len(faults)} 处问题，没有导入。 {len(faults)} faults; nothing was imported.", err=True)
        sys.exit(1)


def _answered(ask, but: type[Exception] | tuple = ()):
    """What was asked, or the sentence that refuses it as the command's end."""
    from qingshan.plan.actions import Refused

    try:
        return ask()
    except but:
        raise
    except Refused as refused:
        raise refusal(refused) from None


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _rows(rows):
    from tqdm import tqdm

    return tqdm(rows, desc="条目", unit="行", leave=False, file=sys.stderr)
