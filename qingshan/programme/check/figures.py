"""Series, sources and the figures of their periods."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from qingshan.programme import periods
from qingshan.programme.reading import Reading
from qingshan.programme.schema import Entry, Figure, Item, Problem, Series, Source

from .naming import unknown


def series_fit(reading: Reading) -> Iterator[Problem]:
    sources = reading.programme.source_by_code
    for series in reading.programme.series:
        yield from unknown(reading, series, "body", "bodies", [series.body] if series.body else [])
        yield from unknown(reading, series, "source", "sources", [series.source])
        if source := sources.get(series.source):
            yield from _marked(series, series, source)


def _marked(entry: Entry, series: Series, source: Source) -> Iterator[Problem]:
    """Simulated figures have a simulated source and real ones do not, so that neither can pass for the other."""
    if series.origin == "simulated" and source.kind != "simulated":
        yield entry.problem(
            "source", f"模拟数列 {series.code} 的来源 {source.code} 未标为 simulated，请改用模拟来源",
            f"simulated series {series.code} has source {source.code}, which is not marked simulated",
        )  # fmt: skip
    if series.origin != "simulated" and source.kind == "simulated":
        yield entry.problem(
            "source", f"来源 {source.code} 是模拟的，数列 {series.code} 须标为 origin: simulated",
            f"source {source.code} is simulated; mark series {series.code} as origin: simulated",
        )  # fmt: skip
    if series.origin == "official" and source.kind == "office":
        yield entry.problem(
            "source",
            f"官方数列 {series.code} 须有公开来源，{source.code} 不是",
            f"official series {series.code} needs a published source; {source.code} is not",
        )


def sources_fit(reading: Reading) -> Iterator[Problem]:
    for source in reading.programme.sources:
        if source.kind == "published" and not (source.url and source.publisher and source.licence):
            yield source.problem(
                "code",
                f"公开来源 {source.code} 须写明 publisher、url 和 licence",
                f"published source {source.code} needs publisher, url and licence",
            )


def figures_fit(reading: Reading) -> Iterator[Problem]:
    p = reading.programme
    for row in p.rows():
        yield from unknown(reading, row, "series", "series", [row.series])
        yield from unknown(reading, row, "source", "sources", [row.source])
        if series := p.series_by_code.get(row.series):
            yield from _row(row, series)
            if source := p.source_by_code.get(row.source):
                yield from _marked(row, series, source)
    yield from _rows_once(p.figures, lambda f: (f.series, f.period, f.published), "同一时段")
    yield from _rows_once(p.items, lambda i: (i.series, i.item, i.published), "同一事项")


def _rows_once(rows: Iterable[Entry], key: Callable[[Any], tuple], zh: str) -> Iterator[Problem]:
    first: dict[tuple, Entry] = {}
    for row in rows:
        if (before := first.setdefault(key(row), row)) is not row:
            told, place = " ".join(str(part) for part in key(row)), f"{before.where.file}:{before.where.line}"
            yield row.problem(
                "", f"{zh}、同一公布日的数据重复（{told}），已见于 {place}；更正请另写较晚的公布日",
                f"{told} is already given at {place}; a correction has a later day of publication",
            )  # fmt: skip


def _row(row: Figure | Item, series: Series) -> Iterator[Problem]:
    if (series.frequency == "items") != isinstance(row, Item):
        yield row.problem(
            "",
            f"数列 {series.code} 的频率为 {series.frequency}，不能写在这类表中",
            f"series {series.code} is by {series.frequency}; it does not belong in this table",
        )
        return
    low, high = series.range
    if not low <= row.value <= high:
        yield row.problem(
            "",
            f"数列 {series.code} 的值 {row.value} 超出 {low}–{high}，请核对",
            f"value {row.value} of {series.code} is outside {low}–{high}",
        )
    last = row.done if isinstance(row, Item) else None
    if isinstance(row, Figure):
        try:
            last = periods.bounds(row.period, series.frequency)[1]
        except ValueError:
            form = periods.FORMS[series.frequency][1]
            yield row.problem(
                "", f"时段 {row.period} 写法不对，应如 {form}", f"period {row.period} should be written like {form}"
            )
    if last and row.published < last:
        yield row.problem(
            "",
            f"公布日 {row.published} 早于数据日 {last}，请核对",
            f"published {row.published} before {last}, the day it tells of",
        )
