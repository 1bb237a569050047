"""Commands that need the database: load a programme, evaluate, audit, demo, serve."""

import os
import secrets
import sys
from calendar import monthrange
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from tqdm import tqdm

from qingshan.people.commands import of_a_known_version, prepared, refusal
from qingshan.plan.commands import WHICH, programme_named

ROOT = Path(__file__).resolve().parents[1]
DAY = click.DateTime(["%Y-%m-%d"])


def _django():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingshan.config.settings")
    import django

    django.setup()


def _loaded() -> None:
    """Django with a database as this version needs it; a sentence where there is none or an older one."""
    _django()
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if "people_auditline" not in connection.introspection.table_names():
        raise click.ClickException(f"{settings.HOME} 中还没有青山的数据，请先运行 qingshan demo 或 qingshan serve。")
    of_a_known_version()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise click.ClickException("数据库还是旧版程序的，请先运行 qingshan serve，它会自动升级。")


def _measurements() -> None:
    """Measurements as this version keeps them, or none; a sentence where an earlier one wrote them."""
    from django.conf import settings

    from qingshan.observations.store import OtherShape, Store

    try:
        Store(settings.OBSERVATIONS).snapshot()
    except OtherShape as other:
        raise refusal(other) from None


def _nothing(verb: str, **detail) -> None:
    """Leaves no line."""


@contextmanager
def on_record(place: str):
    """A transaction in which a write to the store at `place` leaves its line in the audit trail, by the function that it gives.

    No line is left where the store is not this home's, or the home has no database yet.
    """
    if not _keeps_a_trail_of(place):
        yield _nothing
        return
    from django.db import transaction

    from qingshan.people.actions import record, turn

    with transaction.atomic():
        turn()
        yield lambda verb, **detail: record(by=None, verb=verb, thing="measurements", detail=detail)


def _keeps_a_trail_of(place: str) -> bool:
    if not _has_a_database():
        return False
    _django()
    from django.conf import settings
    from django.db import connection

    ours = settings.OBSERVATIONS
    same = place == ours if "://" in place + ours else Path(place).resolve() == Path(ours).resolve()
    if not same or "people_auditline" not in connection.introspection.table_names():
        return False
    _loaded()
    return True


def _has_a_database() -> bool:
    """Whether the home has one, without making it by asking."""
    from django.conf import settings

    home = Path(os.environ.get("QINGSHAN_HOME", "var"))
    return settings.configured or bool(os.environ.get("DATABASE_URL")) or (home / "qingshan.sqlite3").exists()


def _progress(label: str):
    return lambda steps: tqdm(steps, desc=label, unit="项", leave=False, file=sys.stderr)


@click.command("load")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
def load_programme(folder: Path):
    """载入 DIR 中的计划资料；有问题则一项也不载入。

    再次载入时只写入有变化的内容。
    """
    prepared()
    programme = _load_folder(folder)
    click.echo(f"{programme.title}（{programme.jurisdiction}）已载入。")


def _load_folder(folder: Path):
    from qingshan.programme.loading import Faulty, load

    try:
        return load(folder, watch=_progress("载入"))
    except Faulty as faulty:
        raise click.ClickException(str(faulty)) from None


@click.command()
@WHICH
@click.option("--as-of", "day", type=DAY, help="评估日；默认今天。该日已有评估时，重现它并与存档逐字节比对。")
@click.option("--new", is_flag=True, help="即使该日已有评估，也重新评估一次。")
@click.option("--json", "as_json", is_flag=True, help="输出完整评估记录。")
def evaluate(code: str | None, day, new: bool, as_json: bool):
    """评估一次，或重现以前的评估。

    重现时输出的记录与当时存档逐字节相同；不同则以状态 1 结束，并说明原因。
    """
    _loaded()
    _measurements()
    from django.utils import timezone

    from qingshan.cycle import run_cycle
    from qingshan.plan.actions import Refused

    programme = programme_named(code)
    as_of = day.date() if day else timezone.localdate()
    old = None if new or day is None else programme.runs.filter(as_of=as_of).order_by("id").last()
    if old:
        return _reproduced(old, as_json)
    try:
        run = run_cycle(programme=programme, as_of=as_of, watch=_progress("评估"))
    except Refused as refused:
        raise refusal(refused) from None
    click.echo(run.record if as_json else _told(run, run.record), nl=not as_json)


def _reproduced(run, as_json: bool):
    from qingshan.cycle import reproduce

    text = reproduce(run, _progress("重现"))
    click.echo(text if as_json else _told(run, text), nl=not as_json)
    if text == run.record:
        click.echo(f"已重现第 {run.id} 次评估，与存档逐字节相同（SHA-256 {run.digest[:12]}…）。", err=True)
        return
    click.echo(f"重现结果与第 {run.id} 次评估的存档不同：{_why_different(run)}", err=True)
    sys.exit(1)


def _why_different(run) -> str:
    from qingshan.config.version import code_version
    from qingshan.evaluation.record import digest

    told = []
    if digest(run.record) != run.digest:
        told.append(f"存档被改动过，校验值应为 {run.digest[:12]}…，现为 {digest(run.record)[:12]}…。")
    if run.code_version != code_version():
        told.append(f"存档由程序版本 {run.code_version} 评估，现在是 {code_version()}。")
    return "".join(told) or "存档或当时所依据的数据被改动过。请运行 qingshan audit verify 核验。"


def _told(run, text: str) -> str:
    import json

    from qingshan.evaluation.terms import STATUS_WORDS, Status

    record = json.loads(text)
    counts = "，".join(f"{STATUS_WORDS[one][0]} {record['counts'][one]}" for one in Status if record["counts"][one])
    official = sum(record["counts"].values())
    return f"第 {run.id} 次评估，评估日 {run.as_of}：{len(record['tasks'])} 项任务，{official} 项规划目标：{counts}。"


@click.group()
def audit():
    """核验审计记录。"""


@audit.command()
def verify():
    """逐条核对审计记录的封印；有改动、插入或删除时指出位置，以状态 1 结束。"""
    _loaded()
    from django.utils import timezone

    from qingshan.people.models import AuditLine
    from qingshan.people.queries import broken_audit_line

    broken = broken_audit_line()
    if broken is None:
        click.echo(f"审计记录完好，共 {AuditLine.objects.count()} 条。")
        return
    place = (
        broken
        if isinstance(broken, str)
        else f"第 {broken.id} 条（{timezone.localtime(broken.at):%Y-%m-%d %H:%M}，{broken.verb}）与封印不符。"
    )
    click.echo(place, err=True)
    sys.exit(1)


ARCHIVE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@ARCHIVE
def backup(file: Path):
    """把数据库、佐证材料和监测数据一并写入新文件 FILE，期间可照常使用。

    FILE 含账户与全部资料，只有本人可读，请妥善保管。
    """
    _loaded()
    from qingshan.backup.actions import take

    manifest = _archived(lambda watch: take(by=None, place=file, watch=watch), "备份")
    trail = manifest["trail"]
    click.echo(f"已写出 {file}（{file.stat().st_size / 1e6:.1f} MB）：{_held(manifest)}。")
    from django.conf import settings

    if "observations" not in settings.BACKED_UP:
        click.echo(f"监测数据存于 {settings.OBSERVATIONS}，不在备份之内，请另行备份。", err=True)
    if not trail["sound"]:
        click.echo("审计记录在备份之前已不完整，请运行 qingshan audit verify 查看。", err=True)


@click.command()
@ARCHIVE
def restore(file: Path):
    """把备份 FILE 恢复到空的数据库；SQLite 与 PostgreSQL 的备份可以互换。

    全部恢复，或者什么也不写入。
    """
    if not file.is_file():
        raise click.ClickException(f"没有文件 {file}。 There is no file {file}.")
    prepared()
    from django.conf import settings

    from qingshan.backup.actions import restore as put_back

    manifest = _archived(lambda watch: put_back(by=None, place=file, watch=watch), "恢复")
    state = "完好" if manifest["trail"]["sound"] else "与备份相同，但在备份之前已不完整"
    click.echo(f"已恢复到 {settings.HOME}：{_held(manifest)}。审计记录{state}。")


def _held(manifest) -> str:
    rows, files = sum(one["rows"] for one in manifest["tables"]), len(manifest["files"])
    return f"{len(manifest['tables'])} 张表 {rows} 行，{files} 个文件，审计记录 {manifest['trail']['lines']} 条，末条封印 {manifest['trail']['seal'][:12]}…"


def _archived(step, label: str):
    from qingshan.backup.archive import Unfit

    bars = []

    def watch(total: int):
        bars.append(tqdm(total=total, desc=label, unit="项", leave=False, file=sys.stderr))
        return bars[0].update

    try:
        return step(watch)
    except Unfit as unfit:
        raise refusal(unfit) from None
    finally:
        for bar in bars:
            bar.close()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="服务进程数。")
def serve(host: str, port: int, workers: int):
    """打开网页服务（默认只供本机访问）。"""
    _prepare()
    _serve(host, port, workers)


def _prepare() -> None:
    """Tables and static files as this version needs them; at once where all is in place."""
    prepared()
    _measurements()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def _serve(host: str, port: int, workers: int) -> None:
    address = f"[{host}]" if ":" in host else host
    command = [sys.executable, "-m", "gunicorn", "qingshan.config.wsgi", "--config", "python:qingshan.web.serving", "--bind", f"{address}:{port}", "--workers", str(workers),
               "--threads", "4", "--preload", "--access-logfile", "/dev/null", "--log-level", "warning"]  # fmt: skip
    os.execvp(command[0], command)


def _only_folder() -> Path:
    """The one programme that stands in `programmes` and is not invented."""
    found = sorted(path.parent for path in ROOT.glob("programmes/*/programme.yaml") if not _invented(path))
    if len(found) != 1:
        there = "、".join(path.name for path in found) or "（没有）"
        raise click.UsageError(f"请用 --folder 指明规划内容文件夹，programmes 中有：{there}。")
    return found[0]


def _invented(head: Path) -> bool:
    return any(line.split("#")[0].split() == ["invented:", "true"] for line in head.read_text("utf-8").splitlines())


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=_only_folder,
    show_default="programmes 中唯一不是虚构的一个",
    help="规划内容文件夹。",
)
@click.option("--password", envvar="QINGSHAN_DEMO_PASSWORD", help="示范账户的密码；不写则随机产生并打印。")
@click.option("--serve/--no-serve", "then_serve", default=True, help="完成后是否打开网页服务。")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def demo(folder: Path, password: str | None, then_serve: bool, host: str, port: int):
    """载入示范内容，评估一次，打开网页。

    再次运行时不重复载入，也不丢失已有内容。
    """
    _prepare()
    from django.conf import settings
    from django.utils import timezone

    from qingshan.coordination.incidents.loading import demonstrate as demonstrate_drill
    from qingshan.coordination.loading import demonstrate as demonstrate_coordination
    from qingshan.cycle import run_cycle
    from qingshan.evaluation.scores.actions import demonstrate as demonstrate_scores
    from qingshan.programme.check import inspect
    from qingshan.programme.loading import demonstration_day, open_demonstration_accounts
    from qingshan.programme.measuring import measure
    from qingshan.programme.past_lists import issue_past_lists

    programme = _load_folder(folder)
    password = _demonstration_password(password, settings.HOME)
    found = inspect(folder)[0]
    users = open_demonstration_accounts(programme, found, password, watch=_progress("账户"))
    issue_past_lists(programme, found)
    _rehearse(programme, found)
    measure(programme, demonstration_day(programme) or timezone.localdate(), settings.OBSERVATIONS)
    run = programme.runs.first()
    if run is None:
        day = demonstration_day(programme) or timezone.localdate()
        # The quarter before is judged too, so that the overview can say what has changed since.
        for as_of in (_a_quarter_before(day), day):
            run = run_cycle(programme=programme, as_of=as_of, watch=_progress(f"评估 {as_of}"))
        demonstrate_coordination(programme, _a_quarter_before(day), day)
        demonstrate_scores(by=None, programme=programme, on=day)
        demonstrate_drill(programme, day)
    click.echo(f"{programme.title}（{programme.jurisdiction}）已就绪，数据存于 {settings.HOME}")
    click.echo(_told(run, run.record))
    _say_sign_in(users, password)
    if then_serve:
        click.echo(f"请在浏览器打开 http://{host}:{port}  （按 Ctrl+C 结束）")
        _serve(host, port, 2)


def _rehearse(programme, found) -> None:
    """The reporting rounds of the demonstration, once."""
    from django.utils import timezone

    from qingshan.programme.loading import demonstration_day
    from qingshan.programme.rehearsing import rehearse_reports

    if day := demonstration_day(programme):
        rehearse_reports(programme, found, day, timezone.now())


def _a_quarter_before(day: date) -> date:
    months = day.year * 12 + day.month - 1 - 3
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _demonstration_password(given: str | None, home: Path) -> str:
    """The one given, or one of this home's own, kept where its owner alone can read it so that every start can say it."""
    path = home / "demonstration-password"
    if not path.exists() or not path.read_text():
        path.touch(mode=0o600)
        path.write_text(given or secrets.token_urlsafe(9))
    return given or path.read_text()


def _say_sign_in(users, password: str) -> None:
    if not users:
        return
    first = {user.role: user for user in reversed(users)}
    names = "、".join(f"{user.username}（{user.get_role_display()}）" for user in reversed(first.values()))
    known = any(user.check_password(password) for user in first.values())
    click.echo(f"登录账户：{names}\n密码：{password if known else '已更改，不是示范密码'}")
