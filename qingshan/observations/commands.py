"""`qingshan observations …`: files of measurements in, checked, and out again. Needs no database."""

import csv
import hashlib
import sys
from contextlib import contextmanager, nullcontext
from datetime import UTC
from pathlib import Path

import click
from tqdm import tqdm

from .media import MEDIA
from .paths import Readable, Writable, stop, store_place
from .system import of_the_system

SHOWN = 20  # faults that are printed; all go to --faults


@contextmanager
def on_record(place: str):
    """While a write to the store at `place` lasts: a function that leaves its line in the audit trail, where the command was given
    one to keep (the context's object); elsewhere one that leaves none."""
    keeping = click.get_current_context().obj
    with keeping(place) if keeping else nullcontext(lambda verb, **detail: None) as line:
        yield line


class OfTheStore(click.Group):
    """Commands that stop with a sentence where the store cannot be read by this version, or the system refuses a file."""

    def invoke(self, ctx):
        from .store import OtherShape

        try:
            return super().invoke(ctx)
        except OtherShape as other:
            stop(other.zh, other.en)
        except BrokenPipeError:  # whoever read the output has had enough
            raise
        except OSError as reason:
            stop(*of_the_system(reason))


@click.group(cls=OfTheStore)
def observations():
    """监测数据：导入、检查、导出。"""


@observations.command("sources")
def known_sources():
    """列出自带的来源（字段对照）。"""
    from .importing import source, sources

    for code in sources():
        one = source(code)
        click.echo(f"{code}  {one.name}")


FILES = click.argument("files", nargs=-1, required=True, type=Readable())
SOURCE = click.option("--source", "code", help="来源代码，或字段对照文件（.yaml）；不写则按列名辨认。")
SITES = click.option(
    "--sites",
    type=Readable(),
    help="规划的 sites.csv：只认登记的点位，并核对水体类型。",
)
FAULTS = click.option("--faults", type=Writable(), help="把全部问题写成 CSV。")
STORE = click.option("--store", "place", default=None, help="观测库的位置（默认 QINGSHAN_HOME/observations）。")
MEDIUM = click.Choice(MEDIA)


@observations.command("check")
@FILES
@SOURCE
@SITES
@FAULTS
def check(files, code, sites, faults):
    """试读文件，不写入。退出码：0 无误；1 有问题；2 读不了。"""
    _, found = _read_all(files, code, sites)
    _tell(found, faults)
    sys.exit(1 if found else 0)


@observations.command("import")
@FILES
@SOURCE
@SITES
@click.option("--skip-faulty", is_flag=True, help="跳过有问题的行，只导入完好的行。")
@FAULTS
@STORE
def take(files, code, sites, skip_faulty, faults, place):
    """导入文件：全部完好才写入（或用 --skip-faulty 跳过坏行）；重复导入不会重复入库。"""
    import pyarrow as pa

    from .appending import NotAccepted, append
    from .store import Store

    readings, found = _read_all(files, code, sites)
    _tell(found, faults)
    if found and not (skip_faulty and all(one.skippable for one in readings)):
        stop(
            "有问题，什么也没有写入。改正后重试，或用 --skip-faulty 跳过坏行。",
            "There are faults; nothing was written. Mend them, or skip faulty rows with --skip-faulty.",
            1,
        )
    rows, left = pa.concat_tables([one.rows for one in readings]), sum(one.bad for one in readings)
    where = store_place(place)
    try:
        with on_record(where) as line:
            done = append(Store(where), rows)
            if done.new or done.corrected:
                line("import_measurements", files=_named(files), sources=sorted(set(rows["source"].to_pylist())), left_out=left,
                     version=done.version, new=done.new, corrected=done.corrected, unchanged=done.unchanged)  # fmt: skip
    except NotAccepted as refused:
        stop(refused.zh, refused.en)
    if left:
        click.echo(f"跳过 {left} 行。 {left} rows were left out.")
    click.echo(f"新增 {done.new} 条，更正 {done.corrected} 条，已有 {done.unchanged} 条。"
               f" {done.new} new, {done.corrected} corrected, {done.unchanged} there already.")  # fmt: skip


def _named(files) -> list[dict[str, str]]:
    """Which files they were: name and SHA-256 [hex]."""
    found = []
    for one in files:
        with one.open("rb") as stream:
            found.append({"file": one.name, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()})
    return found


@observations.command("map")
@click.argument("file", type=Readable())
@click.option("--medium", type=MEDIUM, help="介质；不写则按列名猜。")
@click.option("--out", type=Writable(), help="写到这个 .yaml 文件（默认打印）。")
def map_(file, medium, out):
    """按文件的表头拟一份字段对照：点位、时间、项目和单位各在哪一列。核对修改后用 --source 文件.yaml 导入。"""
    from .cells import top
    from .mapping import as_yaml, propose

    with reading(file):
        told = as_yaml({"name": file.stem, **propose(top(file), medium)})
    text = f'# 由表头拟成，请核对：period、time.stamp、各项目和单位；at: "?" 处写点位名称。\n{told}'
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(
        f"已写入 {out}，请核对后使用：--source {out}。 Written to {out}; look it over, then use it with --source."
    )


@observations.command("template")
@click.argument("medium", type=MEDIUM)
@click.argument("file", type=Writable())
@SITES
def template(medium, file, sites):
    """写一份空白填报表 FILE.xlsx：列名带单位，批注说明怎样填；填好后直接导入。"""
    from .templates import workbook

    if file.suffix != ".xlsx":
        stop(f"“{file.name}”应以 .xlsx 结尾。", f"{file.name} should end in .xlsx.")
    names = [one.get("name") or one["code"] for one in _sites(sites) if one.get("medium", medium) == medium]
    file.write_bytes(workbook(medium, names))
    click.echo(f"已写入 {file}。 Written to {file}.")


@observations.command("flag")
@click.option("--medium", "media", multiple=True, type=MEDIUM, help="介质，可写多次；不写则全部。")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="起（含）。")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="止（不含）。")
@click.option("--edition", "code", help="规则的版本，如 quality-2026-01；不写则用今天施行的。")
@click.option("--write", "writing", is_flag=True, help="写入；不写则只试算。")
@STORE
def flag(media, since, until, code, writing, place):
    """按质控规则标识监测值：先试算、列出条数，加 --write 才写入；值本身不改，重复运行不会重复写入。"""
    from datetime import date

    from qingshan.standards.editions import NoEdition

    from . import quality
    from .appending import NotAccepted
    from .rows import FLAGS
    from .store import Store

    where = store_place(place)
    try:
        rules, store = quality.rules_on(date.today(), code), Store(where)  # noqa: DTZ011
        for medium in tqdm(media or MEDIA, disable=None):
            found = quality.look(store, medium, rules, since=since, until=until)
            for item, was, now, count in found.counts:
                click.echo(f"{medium} {item}：{FLAGS[was].zh} → {FLAGS[now].zh} {count} 条")
            if writing and found.counts:
                with on_record(where) as line:
                    done = quality.write(store, found)
                    line("flag_measurements", medium=medium, rules=rules.code, since=since and f"{since:%F}", until=until and f"{until:%F}",
                         version=done.version, changes=[list(one) for one in found.counts])  # fmt: skip
    except (NoEdition, NotAccepted) as refused:
        stop(refused.zh, refused.en)
    said = (
        ("已写入。", "Written.")
        if writing
        else ("这是试算，没有写入；加 --write 写入。", "Tried only; add --write to write.")
    )
    click.echo(f"按 {rules.title}（{rules.code}）：{said[0]} By {rules.code}: {said[1]}")


@observations.command("export")
@click.option("--medium", required=True, type=MEDIUM)
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="按这一时刻（UTC）已知的数据。"
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="起（含）。")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="止（不含）。")
@STORE
@click.argument("file", type=Writable())
def export(medium, as_of, since, until, place, file):
    """导出到 .csv 或 .parquet。"""
    from duckdb import IOException

    from .engines import engine
    from .engines import observations as known
    from .store import Store

    if file.suffix not in (".csv", ".parquet"):
        stop(
            f"“{file.name}”的格式不支持，可用 .csv、.parquet。", f"{file.name}: only .csv and .parquet can be written."
        )
    with engine() as connection:
        found = known(
            connection, Store(store_place(place)), medium=medium, since=since, until=until,
            as_of=as_of and as_of.replace(tzinfo=UTC),
        ).order_by("site", "item", "time")  # fmt: skip
        partial = file.with_name(file.name + ".part")
        try:
            (found.to_csv if file.suffix == ".csv" else found.to_parquet)(partial)
        except IOException as reason:
            told = " ".join(str(reason).split())[:200]
            stop(f"写不了 {file}：{told}。", f"{file} cannot be written: {told}.")
        partial.replace(file)
    click.echo(f"已写入 {file}。 Written to {file}.")


@observations.command("compact")
@STORE
def compact(place):
    """整理观测库：把更正并入原处、小文件合并，历史不变；读到一半的人不受影响。导入时会自动整理，一般不必运行。"""
    from .settling import settle
    from .store import Store

    done = settle(Store(store_place(place)))
    click.echo(f"整理了 {done} 处（介质与年份）。 Settled {done} (medium and year).")


def _read_all(files, code, sites):
    """What each file holds, by the named source or by the one that its columns tell; and all faults, with the file's name."""
    from datetime import date

    from .importing import read

    readings, faults, known = [], [], _sites(sites)
    with tqdm(
        total=len(files), unit="file", disable=None, bar_format="{l_bar}{bar}| {n:.1f}/{total} [{elapsed}<{remaining}]"
    ) as bar:
        for number, file in enumerate(files):
            with reading(file):
                one = read(file, source_of(code, file), sites=known, today=date.today(), watch=_moving(bar, number))  # noqa: DTZ011
            bar.update(number + 1 - bar.n)
            readings.append(one)
            faults += [(file.name, fault) for fault in one.faults]
            for zh, en in one.notices:
                click.echo(f"{file.name}：{zh} {en}", err=True)
    return readings, faults


@contextmanager
def reading(file: Path):
    """A command stops with the file's name and the reason where it cannot be read."""
    from .cells import Unreadable

    try:
        yield
    except Unreadable as reason:
        stop(f"{file.name}：{reason.zh}", f"{file.name}: {reason.en}")


def _moving(bar, number: int):
    """Moves the bar within a file, which is one of its steps."""
    return lambda done, of: bar.update(number + done / max(of, 1) - bar.n)


def source_of(code: str | None, file: Path):
    """The source by which a file is read: the one named, else the one that its columns tell. Raises Unreadable."""
    from .cells import Unreadable, top
    from .mapping import recognised, source

    if code:
        return source(code)
    rows = top(file)
    found = recognised(rows)
    if found is None:
        there = "、".join(name for name in (rows[0] if rows else []) if name)[:200]
        raise Unreadable(
            f"列名（{there}）不是已知来源的，请用 --source 指明，或先用 qingshan observations map 拟一份字段对照；"
            "也可按 qingshan observations template 的空表填写。",
            f"Its columns ({there}) are those of no known source; name it with --source, propose a mapping with observations map, "
            "or fill in the sheet of observations template.",
        )
    click.echo(f"{file.name}：按来源“{found.code}”读取。 Read as {found.code}.", err=True)
    return found


def _sites(file: Path | None) -> list[dict]:
    if file is None:
        return []
    from .listing import sites_of

    with reading(file):
        return [told | {"code": code} for code, told in sites_of(file).items()]


def show(faults) -> None:
    for name, one in faults[:SHOWN]:
        where = f"{name} 第 {one.line} 行" if one.line else name
        click.echo(f"{where} “{one.column}” {one.cell!r}：{one.zh} {one.en}", err=True)
    if len(faults) > SHOWN:
        click.echo(f"……共 {len(faults)} 处问题。 {len(faults)} faults in all.", err=True)


def _tell(faults, place: Path | None) -> None:
    show(faults)
    if place:
        with place.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["文件", "行", "列", "内容", "问题", "problem"])
            writer.writerows([name, one.line, one.column, one.cell, one.zh, one.en] for name, one in faults)
