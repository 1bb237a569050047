"""`qingshan observations …`: files of measurements in, checked, and out again. Needs no database."""

import csv
import os
import sys
from datetime import UTC
from pathlib import Path

import click
from tqdm import tqdm

SHOWN = 20  # faults that are printed; all go to --faults


def store_place() -> str:
    """Where observations are kept: QINGSHAN_OBSERVATIONS, else a folder of QINGSHAN_HOME."""
    return os.environ.get("QINGSHAN_OBSERVATIONS") or str(Path(os.environ.get("QINGSHAN_HOME", "var")) / "observations")


def stop(zh: str, en: str, status: int = 2):
    click.echo(f"{zh} {en}", err=True)
    sys.exit(status)


@click.group()
def observations():
    """监测数据：导入、检查、导出。"""


@observations.command("sources")
def known_sources():
    """列出自带的来源（字段对照）。"""
    from .importing import source, sources

    for code in sources():
        one = source(code)
        click.echo(f"{code}  {one['name']}")


@observations.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", "code", required=True, help="来源代码，或字段对照文件（.yaml）。")
@click.option("--faults", type=click.Path(path_type=Path), help="把全部问题写成 CSV。")
def check(files, code, faults):
    """试读文件，不写入。退出码：0 无误；1 有问题；2 读不了。"""
    _, found = _read_all(files, code)
    _tell(found, faults)
    sys.exit(1 if found else 0)


@observations.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", "code", required=True, help="来源代码，或字段对照文件（.yaml）。")
@click.option("--skip-faulty", is_flag=True, help="跳过有问题的行，只导入完好的行。")
@click.option("--faults", type=click.Path(path_type=Path), help="把全部问题写成 CSV。")
@click.option("--store", "place", default=None, help="观测库的位置（默认 QINGSHAN_HOME/observations）。")
def take(files, code, skip_faulty, faults, place):
    """导入文件：全部完好才写入（或用 --skip-faulty 跳过坏行）；重复导入不会重复入库。"""
    import pyarrow as pa

    from .appending import NotAccepted, append
    from .store import Store

    readings, found = _read_all(files, code)
    _tell(found, faults)
    if found and not (skip_faulty and all(one.line for _, one in found)):
        stop(
            "有问题，什么也没有写入。改正后重试，或用 --skip-faulty 跳过坏行。",
            "There are faults; nothing was written. Mend them, or skip faulty rows with --skip-faulty.",
            1,
        )
    rows = pa.concat_tables([one.rows for one in readings])
    try:
        done = append(Store(place or store_place()), rows)
    except NotAccepted as refused:
        stop(refused.zh, refused.en)
    click.echo(f"新增 {done.new} 条，更正 {done.corrected} 条，已有 {done.unchanged} 条。"
               f" {done.new} new, {done.corrected} corrected, {done.unchanged} there already.")  # fmt: skip


@observations.command("export")
@click.option("--medium", required=True, help="air、water、groundwater、soil、noise、sea、rain。")
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="按这一时刻（UTC）已知的数据。"
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="起（含）。")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="止（不含）。")
@click.option("--store", "place", default=None, help="观测库的位置（默认 QINGSHAN_HOME/observations）。")
@click.argument("file", type=click.Path(path_type=Path))
def export(medium, as_of, since, until, place, file):
    """导出到 .csv 或 .parquet。"""
    from .engines import engine
    from .engines import observations as known
    from .store import Store

    if file.suffix not in (".csv", ".parquet"):
        stop(
            f"“{file.name}”的格式不支持，可用 .csv、.parquet。", f"{file.name}: only .csv and .parquet can be written."
        )
    with engine() as connection:
        found = known(
            connection, Store(place or store_place()), medium=medium, since=since, until=until,
            as_of=as_of and as_of.replace(tzinfo=UTC),
        ).order_by("site", "item", "time")  # fmt: skip
        partial = file.with_name(file.name + ".part")
        (found.to_csv if file.suffix == ".csv" else found.to_parquet)(partial)
        partial.replace(file)
    click.echo(f"已写入 {file}。 Written to {file}.")


@observations.command("compact")
@click.option("--store", "place", default=None, help="观测库的位置（默认 QINGSHAN_HOME/observations）。")
def compact(place):
    """合并小文件；读到一半的人不受影响。"""
    from .store import Store

    done = Store(place or store_place()).compact()
    click.echo(f"合并 {done.get('numFilesRemoved', 0)} 个文件为 {done.get('numFilesAdded', 0)} 个。")


def _read_all(files, code):
    from .importing import Unreadable, read, source

    readings, faults = [], []
    try:
        by = source(code)
        for file in tqdm(files, unit="file", disable=None):
            one = read(file, by)
            readings.append(one)
            faults += [(file.name, fault) for fault in one.faults]
            for zh, en in one.notices:
                click.echo(f"{file.name}：{zh} {en}", err=True)
    except Unreadable as reason:
        stop(reason.zh, reason.en)
    return readings, faults


def _tell(faults, place: Path | None) -> None:
    for name, one in faults[:SHOWN]:
        where = f"{name} 第 {one.line} 行" if one.line else name
        click.echo(f"{where} “{one.column}” {one.cell!r}：{one.zh} {one.en}", err=True)
    if len(faults) > SHOWN:
        click.echo(f"……共 {len(faults)} 处问题。 {len(faults)} faults in all.", err=True)
    if place:
        with place.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["文件", "行", "列", "内容", "问题", "problem"])
            writer.writerows([name, one.line, one.column, one.cell, one.zh, one.en] for name, one in faults)
