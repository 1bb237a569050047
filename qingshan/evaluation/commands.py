"""`qingshan forecast …` and `qingshan reports …`"""

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import click
from tqdm import tqdm

from qingshan.evaluation import backtest, backtest_report
from qingshan.evaluation.importing import UnreadableTable, read_monthly
from qingshan.evaluation.seasonal import Calibration
from qingshan.people.commands import refusal
from qingshan.plan.commands import WHICH, programme_named

TABLE = click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
COLUMN = click.option("--series", "column", default="pm25_ugm3", show_default=True, help="数值所在的列。")


class Unusable(click.ClickException):
    """Said in one sentence; status 2, as for any file that cannot be read."""

    exit_code = 2


@click.group()
def forecast():
    """预测年均值，并以历史检验预测。"""


@forecast.command("backtest")
@TABLE
@COLUMN
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="把检验报告写到这个文件。")
def backtest_command(table: Path, column: str, report: Path | None):
    """以 TABLE（CSV：year、month、district 与数值列）中各区各年检验年均值预测。"""
    series = _read(table, column)
    found = backtest_report.examine(series, watch=_progress)
    if not backtest.within_year(found.trials):
        raise Unusable(backtest_report.NOTHING)
    click.echo(backtest_report.summary(found))
    if report:
        source = backtest_report.Source(table.name, sha256(table.read_bytes()).hexdigest(), column)
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(backtest_report.render(found, source), encoding="utf-8")
        click.echo(f"报告：{report}")


@forecast.command("calibrate")
@TABLE
@COLUMN
@click.option("--source", required=True, help="数据出处，一句话。")
@click.option("--made", type=click.DateTime(["%Y-%m-%d"]), required=True, help="校准日期。")
def calibrate_command(table: Path, column: str, source: str, made: datetime):
    """以 TABLE 的全部完整年份校准，打印 calibrated.py 的内容。"""
    series = _read(table, column)
    years = {y for one in series.values() for y in backtest.whole_years(one)}
    try:
        taught = backtest.calibrate(series, years=years, source=source)
    except ValueError as error:
        raise Unusable(str(error)) from None
    click.echo(_module(taught, made.date(), table.name, column), nl=False)


def _read(table: Path, column: str) -> dict[str, dict]:
    try:
        found = read_monthly(table, column)
    except UnreadableTable as error:
        raise Unusable(str(error)) from None
    return {name: {m: float(v) for m, v in one.items()} for name, one in found.items()}


def _progress(steps):
    return tqdm(steps, unit="项", leave=False)


def _module(taught: Calibration, made: date, table: str, column: str) -> str:
    return MODULE.format(
        made=made,
        table=table,
        column=column,
        source=taught.source,
        profile=_rows(taught.profile),
        spread=_rows(taught.spread),
    )


def _rows(values: tuple[float, ...]) -> str:
    lines = [", ".join(f"{v:.4f}" for v in values[i : i + 6]) for i in range(0, len(values), 6)]
    return "".join(f"        {line},\n" for line in lines)


MODULE = '''"""What past years taught, made {made} by

qingshan forecast calibrate {table} --series {column} --source "{source}" --made {made}
"""

from qingshan.evaluation.seasonal import Calibration

DEFAULT = Calibration(
    profile=(  # January to December, log of month over year
{profile}    ),
    spread=(  # 1 to 24 months before the year ends, half-width in log that holds 80 %
{spread}    ),
    source="{source}",
)
'''


@click.group()
def reports():
    """填报轮次：开放、关闭、查看。"""


DAY = click.DateTime(["%Y-%m-%d"])
ON = click.option("--on", "day", type=DAY, help="按哪一天；默认今天（演示规划为演示日）。")


@reports.command("open")
@ON
@WHICH
def open_command(day, code: str | None):
    """开放到那一天应当开放的填报轮次；已开放的不变，锁定日已过的不再开放。"""
    programme, on = _asked(code, day)
    from django.utils import timezone

    from qingshan.evaluation.reporting import open_rounds

    opened = open_rounds(by=None, programme=programme, on=on, now=timezone.now())
    for held in opened:
        bodies = held.reports.count()
        click.echo(f"已开放 {held}：{bodies} 个部门，{held.due_on} 截止，{held.locks_on} 锁定。")
    if not opened:
        click.echo(f"{on} 没有需要开放的轮次。")


@reports.command("close")
@click.argument("period")
@ON
@WHICH
def close_command(period: str, day, code: str | None):
    """关闭 PERIOD（如 2026-Q3）的填报轮次；没有报的记为缺报。"""
    programme, on = _asked(code, day)
    from qingshan.evidence.reports.actions import close_round
    from qingshan.plan.actions import Refused

    found = list(programme.rounds.filter(period=period))
    if not found:
        known = "、".join(programme.rounds.values_list("period", flat=True)) or "（没有）"
        raise click.ClickException(f"没有 {period} 的填报轮次，现有：{known}。")
    for held in found:
        try:
            close_round(by=None, held=held, on=on)
        except Refused as refused:
            raise refusal(refused) from None
        click.echo(f"已关闭 {held}。")


@reports.command("late")
@ON
@WHICH
def late_command(day, code: str | None):
    """列出到那一天逾期未报、未补正的部门。"""
    programme, on = _asked(code, day)
    from qingshan.evidence.reports.queries import overdue

    names = dict(programme.jurisdiction.bodies.values_list("code", "name"))
    for one in overdue(programme, on):
        click.echo(f"{names[one.body_code]}  {one.round}  应于 {one.due_on}，逾期 {one.working_days_late} 个工作日")


def _asked(code: str | None, day):
    """The programme, and the day that counts."""
    programme = programme_named(code)
    from qingshan.evidence.reports.queries import today

    return programme, day.date() if day else today(programme)
