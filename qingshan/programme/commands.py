"""`qingshan programme …`"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from qingshan.programme.counts import Counts
    from qingshan.programme.schema import Problem


@click.group()
def programme():
    """计划资料夹：核对。"""


@programme.command("check")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="提示语言。")
def check_command(folder: Path, as_json: bool, lang: str):
    """核对 DIR 中的计划资料，逐条列出“文件:行: 问题”；没有问题时给出数量，以及每项目标和任务的数从哪里来。"""
    from qingshan.programme.binding import table
    from qingshan.programme.check import inspect
    from qingshan.programme.counts import count

    found, problems = inspect(folder)
    counts = None if problems else count(found)
    if as_json:
        click.echo(_as_json(problems, counts))
    elif counts is None:
        click.echo(_listed(problems, lang))
    else:
        click.echo(f"{SUMMARY[lang].format(**asdict(counts))}\n\n{table(found, lang)}")
    if problems:
        raise SystemExit(1)


def _as_json(problems: list[Problem], counts: Counts | None) -> str:
    told = {"problems": [asdict(p) for p in problems], "counts": counts and asdict(counts)}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _listed(problems: list[Problem], lang: str) -> str:
    lines = [f"{p.file}:{p.line}: {p.zh if lang == 'zh' else p.en}" for p in problems]
    lines.append(
        f"共 {len(problems)} 处问题" if lang == "zh" else f"{len(problems)} problem{'s'[: len(problems) != 1]}"
    )
    return "\n".join(lines)


SUMMARY = {
    "zh": """没有问题
任务　　{tasks} 项，{themes} 个专题
规划目标 {targets} 项：有真实数据 {targets_real}，仅有模拟数据 {targets_simulated}，暂无数据 {targets_without_data}
工作指标 {working} 项
责任部门 {bodies} 个
指标　　{metrics} 个
数据　　真实 {figures_real} 行，模拟 {figures_simulated} 行
台账　　{registers} 本，{entries} 条""",
    "en": """no problems
tasks            {tasks} in {themes} themes
targets          {targets}: {targets_real} with real data, {targets_simulated} simulated, {targets_without_data} without data
working          {working} (the office's own indicators)
bodies           {bodies}
metrics          {metrics}
figures          {figures_real} real, {figures_simulated} simulated
registers        {registers} with {entries} entries""",
}
