"""`qingshan assess …`: measurements held against the standards in force, from a file or from the store."""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from ..commands import OfTheStore, reading, show, source_of
from ..media import NAMES
from ..paths import Readable, Writable, stop, store_place

FORMS = ("json", "csv", "xlsx")


def shared_options(command):
    for option in (
        click.option("--out", type=Writable(), help="写到文件（.json、.csv、.xlsx）；不写则打印。"),
        click.option("--json", "form", flag_value="json", default=True, help="JSON（默认）。"),
        click.option("--csv", "form", flag_value="csv", help="CSV。"),
        click.option("--xlsx", "form", flag_value="xlsx", help="Excel 工作簿；须同时用 --out 写明文件。"),
        click.option("--source", "code", help="FILE 的来源代码，或字段对照文件（.yaml）；不写则按列名辨认。"),
        click.option("--edition", help="不论日期，一律按这一版标准。"),
        click.option("--store", "place", help="观测库的位置（默认 QINGSHAN_HOME/observations）。"),
    ):
        command = option(command)
    return click.argument("file", required=False, type=Readable())(command)


@click.group(cls=OfTheStore)
def assess():
    """按施行中的标准评价监测数据。"""


PERIODS = ("hour", "day", "sample", "season", "month", "quarter", "year")


def by(*choices: str):
    """How an evaluation is asked for; more than one may be named: --by district --by month."""
    return click.option(
        "--by",
        "by",
        multiple=True,
        type=click.Choice(choices),
        help="逐点位（断面），按月、按年，或按区县（组）；可写两个。",
    )


def site_list(words: str):
    return click.option(
        "--sites", type=Readable(),
        help=f"点位表：CSV 或 .xlsx，列 site（或 code）{words}；计划资料夹的 sites.csv 即可用。",
    )  # fmt: skip


def _per(by: tuple[str, ...], usual: str) -> str:
    named = list(dict.fromkeys(one for one in by if one in PERIODS))
    if len(named) > 1:
        stop(f"一次只按一种时段评价，写了 {'、'.join(named)}。", f"One period at a time; there are {', '.join(named)}.")
    return named[0] if named else usual


@assess.command()
@shared_options
@by("station", "district", "hour", "month", "year")
@site_list("、district（或 group），监测方案不含的项目写在 unmonitored（如 CO，或 CO 2026-03-01/2027-12-31）")
@click.option(
    "--dust",
    type=Readable(),
    help="沙尘日：CSV 或 .xlsx，列 day，可有 site；年、月评价另给扣除后的值。",
)
@click.option(
    "--running",
    is_flag=True,
    help="--by hour 时颗粒物和 O3 8 小时按 HJ 633-2012 条文取滑动平均；不写则如国家总站发布，按当小时。",
)
def air(file, out, form, code, edition, place, by, sites, dust, running):
    """环境空气：GB 3095、HJ 633、HJ 663。--by hour 为实时报，--by year 在换版年份另按各版全年计算。"""
    from . import air as law
    from .air_tables import OF

    rules = _edition(lambda: law.Rules.of(edition) if edition else law.Rules.in_force())
    told = _sites(sites)
    if "district" in by and sites is None:
        stop("按区县评价需要 --sites。", "An evaluation by district needs --sites.")
    districts = (
        {site: one.get("district") or one.get("group") for site, one in told.items()} if "district" in by else None
    )
    if districts is not None and not any(districts.values()):
        stop(
            f"{sites.name} 应有列 district 或 group，指明点位属于哪里。",
            f"{sites.name} should have the column district or group.",
        )
    per = _per(by, "day")
    more = _running(rules, per, districts) if running else {}
    rows, faulty = _observations(file, code, place, "air")
    unmonitored = _unmonitored(sites, told, districts)
    _out(OF[per](rows, rules, districts, _dust(dust), unmonitored, **more), faulty, form, out)


def _running(rules, per: str, districts: Mapping | None) -> dict:
    """That running means are asked for; refused where no clause speaks of them."""
    if per != "hour":
        stop("--running 只用于 --by hour。", "--running goes with --by hour only.")
    if districts is not None:
        stop(
            "条文没有区县的滑动平均；--running 不能与 --by district 同用。",
            "No clause speaks of a district's running means; --running does not go with --by district.",
        )
    if not any("hour_as_published" in one["reports"] for one in rules.index):
        stop(
            f"{rules.index[0].standard} 的实时报没有滑动平均；--running 只对 HJ 633-2012 有意义。",
            f"The real-time report of {rules.index[0].standard} has no running means; --running is for HJ 633-2012.",
        )
    return {"running": True}


def _unmonitored(file: Path | None, told: Mapping[str, Mapping], districts: Mapping | None) -> dict:
    """What the monitoring plan of a site leaves out; of a district what those of all its sites leave out."""
    from .unmonitored import NoPlan, of_district, of_sites, plans

    try:
        known = plans({"code": site, **one} for site, one in told.items())
    except NoPlan as wrong:
        stop(f"{file.name}：{wrong.zh}。", f"{file.name}: {wrong.en}.")
    if districts is None:
        return dict(of_sites(known))
    of: dict[str, list[str]] = defaultdict(list)
    for site, name in districts.items():
        if name:
            of[name].append(site)
    found: dict = {}
    for name, sites in of.items():
        found |= of_district(name, sites, known)
    return found


def _of(
    medium: str, file, out, form, code, edition, place, by, sites, usual: str, needed: tuple[str, str] = ("", "")
) -> None:
    from .tables import OF

    zh, en = needed
    if zh and sites is None:
        stop(
            f"评价需要 --sites，写明{zh}；不从名称猜测。",
            f"The evaluation needs --sites with {en}; nothing is guessed from a name.",
        )
    told = _sites(sites)
    rows, faulty = _observations(file, code, place, medium)
    _out(_edition(lambda: OF[medium](rows, told, _per(by, usual), "district" in by, edition)), faulty, form, out)


@assess.command()
@shared_options
@by("section", "district", "month", "quarter", "year")
@site_list("、body（river 或 lake）、group")
def water(by, **asked):
    """地表水：GB 3838、环办〔2011〕22号。按区县（--by district）即按 group 列合并，河流、流域同法。"""
    _of(
        "water",
        by=by,
        usual="year" if "district" in by else "sample",
        needed=("水体类型 body（river、lake）", "the kind of water body in body (river, lake)"),
        **asked,
    )


@assess.command()
@shared_options
@by("station", "district", "month", "year")
@site_list("、group（园区）")
def groundwater(by, **asked):
    """地下水：GB/T 14848。按区县（--by district）即按园区比较前后两年。"""
    _of("groundwater", by=by, usual="day", **asked)


@assess.command()
@shared_options
@by("station", "district", "unit", "year")
@site_list("、land（paddy、rotation、orchard、other、class-1、class-2）、group，所在耕地单元 unit")
def soil(by, **asked):
    """土壤：农用地 GB 15618，建设用地 GB 36600。--by unit 按年给出耕地单元的类别（环办土壤〔2019〕53号）。"""
    of_units = "unit" in by
    _of(
        "soil",
        by=() if of_units else by,
        usual="unit" if of_units else "day",
        needed=("土地用途 land", "the use of the land in land"),
        **asked,
    )


@assess.command()
@shared_options
@by("station", "district", "month", "year")
@site_list("、zone（0 至 4b，施工场界 building）、group")
def noise(by, **asked):
    """噪声：功能区 GB 3096，施工场界 GB 12523。按区县（--by district）给出各类功能区达标率。"""
    _of(
        "noise",
        by=by,
        usual="year" if "district" in by else "day",
        needed=("声环境功能区 zone", "the functional zone in zone"),
        **asked,
    )


@assess.command()
@shared_options
@by("station", "district", "month", "year")
@site_list("、area（平方公里）、悬浮物的自然值 natural（mg/L）、group")
def sea(by, **asked):
    """海水：GB 3097。按区县（--by district）给出优良水质面积比例。"""
    _of("sea", by=by, usual="year" if "district" in by else "season", **asked)


@assess.command()
@shared_options
@by("station", "district", "month", "year")
@site_list("、group")
def rain(by, **asked):
    """降雨：各年径流总量控制率对应的设计降雨量；按月、按年给出当期控制率，按区县（--by district）取各站平均。"""
    _of("rain", by=by, usual="station", **asked)


def _sites(file: Path | None) -> dict[str, dict]:
    """The sites of a table by their code, each with its other columns."""
    from ..listing import sites_of

    if file is None:
        return {}
    with reading(file):
        return sites_of(file)


def _dust(file: Path | None) -> list[tuple[str | None, date]]:
    from ..listing import dust_of

    if file is None:
        return []
    with reading(file):
        return dust_of(file)


def _edition(made):
    from qingshan.standards.editions import NoEdition

    try:
        return made()
    except NoEdition as none:
        stop(none.zh, none.en)


def _observations(file: Path | None, code: str | None, place: str | None, medium: str) -> tuple[tuple, list]:
    """The rows to evaluate, of a file or else of the store; and what of the file could not be read, with its name."""
    from ..importing import read
    from ..store import Store

    if file is None:
        return (medium, Store(store_place(place)), None), []
    with reading(file):
        by = source_of(code, file)
        if by.medium != medium:
            stop(
                f"{file.name} 的来源“{by.code}”是{NAMES[by.medium]['zh']}的，这里评价的是{NAMES[medium]['zh']}。",
                f"{file.name} is of {NAMES[by.medium]['en'].lower()} by its source {by.code}; what is judged here is {NAMES[medium]['en'].lower()}.",
            )
        found = read(file, by)
    for zh, en in found.notices:
        click.echo(f"{file.name}：{zh} {en}", err=True)
    faults = [(file.name, one) for one in found.faults]
    show(faults)
    if not found.skippable:
        sys.exit(1)
    return (medium, None, found.rows), faults


def _fault(file: str, one) -> dict[str, str]:
    """What of a file could not be read, among what could not be judged."""
    zh, en = f"{file} 第 {one.line} 行“{one.column}”：{one.zh}", f"{file}, line {one.line}, {one.column}: {one.en}"
    return {"site": "", "item": one.column, "period": "", "value": one.cell, "zh": zh, "en": en}


def _out(told: Mapping, faulty: list, form: str, out: Path | None) -> None:
    """Write the answer. `faulty`: what of its file could not be read, which was shown already."""
    form = out.suffix.removeprefix(".") if out else form
    if form not in FORMS:
        stop(
            f"“{form}”格式不支持，可用：{'、'.join(FORMS)}。",
            f"{form} cannot be written; there are {', '.join(FORMS)}.",
        )
    _tell(told.get("faults", []))
    if faulty:
        told = {**told, "faults": [*told.get("faults", []), *(_fault(*one) for one in faulty)]}
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


SHOWN = 20  # faults that are printed; the JSON and the workbook hold all


def _tell(faults: list[Mapping]) -> None:
    for one in faults[:SHOWN]:
        click.echo(f"{one['zh']} {one['en']}", err=True)
    if len(faults) > SHOWN:
        click.echo(f"……共 {len(faults)} 处。 {len(faults)} in all.", err=True)


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
    """A value as a cell; text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str):
        return f"'{value}" if value[:1] in ("=", "+", "-", "@") else value
    if value is None or isinstance(value, int | float | Decimal):
        return value
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False, default=str)


def _workbook(told: Mapping, out: Path | None) -> None:
    from openpyxl import Workbook

    if out is None:
        stop("写 .xlsx 需要 --out。", "To write .xlsx, name a file with --out.")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("评价")
    for line in _lines(told):
        sheet.append(line)
    if faults := told.get("faults"):
        sheet = book.create_sheet("未评价")
        for line in _lines({"rows": faults, "editions": []}):
            sheet.append(line)
    book.save(out)
