"""`qingshan assess …`: measurements held against the standards in force, from a file or from the store."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

import click

from ..commands import stop, store_place

FORMS = ("json", "csv", "xlsx")


def shared_options(command):
    for option in (
        click.option("--out", type=click.Path(path_type=Path), help="写到文件（.json、.csv、.xlsx）；不写则打印。"),
        click.option("--json", "form", flag_value="json", default=True, help="JSON（默认）。"),
        click.option("--csv", "form", flag_value="csv", help="CSV。"),
        click.option("--source", "code", help="FILE 的来源代码，或字段对照文件（.yaml）。"),
        click.option("--edition", help="不论日期，一律按这一版标准。"),
        click.option("--store", "place", help="观测库的位置（默认 QINGSHAN_HOME/observations）。"),
    ):
        command = option(command)
    return click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))(command)


@click.group()
def assess():
    """按施行中的标准评价监测数据。"""


@assess.command()
@shared_options
@click.option(
    "--by",
    type=click.Choice(["station", "district", "year"]),
    default="station",
    help="逐日评价点位或区县，或按年评价。",
)
@click.option("--sites", type=click.Path(exists=True, path_type=Path), help="点位所属区县：CSV，列 site、district。")
def air(file, out, form, code, edition, place, by, sites):
    """环境空气：GB 3095、HJ 633、HJ 663。"""
    from . import air as law
    from .reports import air_days, air_years

    rules = _edition(lambda: law.Rules.of(edition) if edition else law.Rules.in_force())
    district = _table(sites, "site", "district") if by == "district" else None
    if by == "district" and district is None:
        stop("按区县评价需要 --sites。", "An evaluation by district needs --sites.")
    rows = _observations(file, code, place, "air")
    told = air_years(rows, rules) if by == "year" else air_days(rows, rules, district)
    _out(told, form, out)


@assess.command()
@shared_options
@click.option("--by", type=click.Choice(["section", "month"]), default="section", help="逐次，或按月均值。")
@click.option(
    "--sites",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="断面的水体类型：CSV，列 site、body（river 或 lake）。",
)
def water(file, out, form, code, edition, place, by, sites):
    """地表水：GB 3838、环办〔2011〕22号。水体类型由 --sites 给出，不从名称猜测。"""
    from .reports import water_months, water_samples

    bodies = _table(sites, "site", "body")
    rows = _observations(file, code, place, "water")
    _out((water_months if by == "month" else water_samples)(rows, bodies), form, out)


def _edition(made):
    from qingshan.standards.editions import NoEdition

    try:
        return made()
    except NoEdition as none:
        stop(none.zh, none.en)


def _table(file: Path | None, *columns: str):
    """Two columns of a CSV as an Arrow table; None without a file."""
    import pyarrow as pa

    if file is None:
        return None
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or any(name not in rows[0] for name in columns):
        stop(
            f"{file.name} 应有列：{'、'.join(columns)}。", f"{file.name} should have the columns {', '.join(columns)}."
        )
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in columns})


def _observations(file: Path | None, code: str | None, place: str | None, medium: str):
    """A function that gives the rows to evaluate on a connection: of a file, else of the store."""
    from ..importing import Unreadable, read, source
    from ..store import Store

    if file is None:
        return medium, Store(place or store_place()), None
    if not code:
        stop("评价文件需要 --source 说明来源。", "To evaluate a file, name its --source.")
    try:
        reading = read(file, source(code))
    except Unreadable as reason:
        stop(reason.zh, reason.en)
    for zh, en in reading.notices:
        click.echo(f"{zh} {en}", err=True)
    for one in reading.faults[:20]:
        click.echo(f"第 {one.line} 行 “{one.column}” {one.cell!r}：{one.zh} {one.en}", err=True)
    if any(not one.line for one in reading.faults):
        sys.exit(1)
    return medium, None, reading.rows


def _out(told: Mapping, form: str, out: Path | None) -> None:
    form = out.suffix.removeprefix(".") if out else form
    if form not in FORMS:
        stop(
            f"“{form}”格式不支持，可用：{'、'.join(FORMS)}。",
            f"{form} cannot be written; there are {', '.join(FORMS)}.",
        )
    if form == "json":
        text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
        return out.write_text(text, encoding="utf-8") and None if out else click.echo(text)
    if form == "xlsx":
        return _workbook(told, out)
    stream = out.open("w", encoding="utf-8-sig", newline="") if out else sys.stdout
    writer = csv.writer(stream)
    writer.writerows(_lines(told))
    if out:
        stream.close()


def _lines(told: Mapping) -> Iterable[list]:
    """The rows as a table, under their heading, with the editions and marks at the end."""
    rows = told["rows"]
    heading = list(dict.fromkeys(name for row in rows for name in row))
    yield heading
    for row in rows:
        yield [_cell(row.get(name)) for name in heading]
    for one in told["editions"]:
        yield [f"{one['standard']} {one['title']}", one["code"], one["mark"], one["source"]]


def _cell(value):
    return (
        value
        if value is None or isinstance(value, str | int | float | bool | Decimal)
        else json.dumps(value, ensure_ascii=False, default=str)
    )


def _workbook(told: Mapping, out: Path | None) -> None:
    from openpyxl import Workbook

    if out is None:
        stop("写 .xlsx 需要 --out。", "To write .xlsx, name a file with --out.")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("评价")
    for line in _lines(told):
        sheet.append([f"'{one}" if isinstance(one, str) and one[:1] in "=+-@" else one for one in line])
    book.save(out)
