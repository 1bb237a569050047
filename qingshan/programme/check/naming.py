"""Every code stands once, and what an entry names is there."""

from collections.abc import Iterable, Iterator
from typing import Any

from qingshan.programme.reading import Reading
from qingshan.programme.schema import Entry, Problem


def codes_once(reading: Reading) -> Iterator[Problem]:
    p = reading.programme
    for entries, name, zh in (
        (p.sources, "code", "来源"), (p.bodies, "code", "部门"), (p.targets, "code", "目标"), (p.metrics, "code", "指标"),
        (p.series, "code", "数列"), (p.themes, "no", "专题"), (p.tasks, "no", "任务"), (p.units, "unit", "单位"),
        (p.bodies, "name", "部门名称"), (p.sites, "code", "点位"),
    ):  # fmt: skip
        yield from twice(entries, name, zh)
    for task in p.tasks:
        yield from twice(task.measures, "no", "举措")
    yield from twice(p.head.groups if p.head else [], "code", "点位组")
    if p.head and p.head.demonstration:
        yield from twice(p.head.demonstration.accounts, "login", "账号")


def twice(entries: Iterable[Entry], name: str, zh: str) -> Iterator[Problem]:
    first: dict[Any, Entry] = {}
    for entry in entries:
        key = getattr(entry, name)
        if key in first:
            place = f"{first[key].where.file}:{first[key].where.lines.get(name, first[key].where.line)}"
            yield entry.problem(
                name,
                f"{zh} {key} 重复，已见于 {place}，请改用别的",
                f"{name} {key} is already used at {place}; use another",
            )
        first.setdefault(key, entry)


NAMES = {
    "bodies": ("部门", "body", "bodies.yaml"),
    "metrics": ("指标", "metric", "metrics.yaml 的 metrics"),
    "series": ("数列", "series", "metrics.yaml 的 series"),
    "sources": ("来源", "source", "sources.csv"),
    "themes": ("专题", "theme", "plan.yaml 的 themes"),
    "tasks": ("任务", "task", "plan.yaml 的 tasks"),
    "registers": ("台账", "register", "registers.yaml"),
}


def unknown(reading: Reading, entry: Entry, name: str, section: str, keys: Iterable[Any]) -> Iterator[Problem]:
    zh, en, place = NAMES[section]
    for key in keys:
        if not reading.knows(section, key):
            yield entry.problem(
                name,
                f"{zh} {key} 不在 {place} 中，请先登记或改正",
                f"{en} {key} is not in {place.replace(' 的 ', ', ')}; add it there or correct it",
            )
