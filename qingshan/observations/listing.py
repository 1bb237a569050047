"""Small tables beside the measurements: sites and what the law asks of them, days of dust. Read as any file of measurements is."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from .cells import Unreadable, cells

Line = tuple[int, Mapping[str, str | None]]  # its number, and its cells by column; an empty cell is none


def listed(file: Path, *needed: str) -> list[Line]:
    """The rows of a table that has the columns `needed`. Raises Unreadable with the place of what is wrong."""
    found = cells(file)
    if found.faults:
        one = found.faults[0]
        raise Unreadable(f"第 {one.line} 行 {one.cell!r}：{one.zh}", f"Line {one.line}, {one.cell!r}: {one.en}")
    if twice := [name for name in found.names if found.twice(name)]:
        raise Unreadable(f"列名重复：{'、'.join(twice)}。", f"Columns stand twice: {', '.join(twice)}.")
    if lacking := [name for name in needed if name not in found.names]:
        there = "、".join(found.names[:12])
        raise Unreadable(f"应有列 {'、'.join(lacking)}；现有：{there}。", f"It should have the column {', '.join(lacking)}; it has {there}.")  # fmt: skip
    rows = zip(*(column.to_pylist() for column in found.columns), strict=True)
    told = ({name: (cell or "").strip() or None for name, cell in zip(found.names, row, strict=True)} for row in rows)
    return list(zip(found.lines, told, strict=True))


def sites_of(file: Path) -> dict[str, dict[str, str | None]]:
    """The sites of a table by their code (the column site or code), each with its other columns. Raises Unreadable."""
    found: dict[str, dict] = {}
    for line, row in listed(file):
        site = row.get("site") or row.get("code")
        if site is None:
            raise Unreadable(
                f"第 {line} 行没有点位；应有列 site（或 code）。",
                f"Line {line} names no site; it should have the column site (or code).",
            )
        if site in found:
            raise Unreadable(f"第 {line} 行的点位 {site} 重复。", f"Line {line}: {site} stands there twice.")
        found[site] = dict(row)
    if not found:
        raise Unreadable("一个点位也没有；应有列 site（或 code），每行一个点位。",
                         "There is no site; it should have the column site (or code), and a site in each row.")  # fmt: skip
    return found


def dust_of(file: Path) -> list[tuple[str | None, date]]:
    """Days under a dust event: of one site, or of all (None). Raises Unreadable."""
    return [(row.get("site"), _day(line, row["day"] or "")) for line, row in listed(file, "day")]


def _day(line: int, told: str) -> date:
    try:
        return date.fromisoformat(told[:10]) if told.endswith("T00:00:00") else date.fromisoformat(told)
    except ValueError:
        raise Unreadable(
            f"第 {line} 行的 day 为“{told}”，应写作 2026-03-20。", f"Line {line}: day is “{told}”; write 2026-03-20."
        ) from None
