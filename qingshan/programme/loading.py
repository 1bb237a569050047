"""A programme folder, checked, into the tables. Loading it again changes only what differs."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from qingshan.coordination.actions import put_rulebook
from qingshan.evaluation.scores.actions import define_rules
from qingshan.evidence.figures.actions import StatedFigure, StatedItem, add_figures, add_items, define_series
from qingshan.evidence.registers.actions import Stated, define_register, put_entries
from qingshan.evidence.reports.actions import set_schedule
from qingshan.indicators.actions import define_metrics, define_units
from qingshan.people.actions import open_account, put_jurisdiction, set_bodies
from qingshan.people.models import Body, Jurisdiction, User
from qingshan.plan.actions import put_edition, put_programme
from qingshan.plan.contents import EditionContent, MeasureContent, TargetContent, TaskContent, ThemeContent
from qingshan.plan.models import Programme

from . import schema
from .check import inspect
from .periods import bounds

Step = tuple[str, Callable[[], None]]
Watch = Callable[[Iterable[Step]], Iterable[Step]]


class Faulty(Exception):
    """A folder that does not pass the check; nothing of it was loaded. `problems` says what to mend, and where."""

    def __init__(self, problems: list[schema.Problem]):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load(folder: Path, *, watch: Watch = iter) -> Programme:
    """The programme of the folder, loaded whole or not at all. Raises Faulty where the folder has problems."""
    found, problems = inspect(folder)
    if problems:
        raise Faulty(problems)
    loading = _Loading(found, folder)
    with transaction.atomic():
        for _, step in watch(loading.steps):
            step()
    return loading.programme


class _Loading:
    """What a folder says, written part by part: each may name what those before it wrote."""

    programme: Programme
    jurisdiction: Jurisdiction
    bodies: dict[str, Body]

    def __init__(self, found: schema.Programme, folder: Path):
        self.found, self.folder = found, folder

    @property
    def steps(self) -> list[Step]:
        return [
            ("部门", self._people), ("规划", self._programme), ("任务与目标", self._plan), ("指标", self._metrics),
            ("数据", self._figures), ("项目", self._items), ("填报", self._rounds), ("台账", self._registers),
            ("提示规则", self._escalation), ("评分规则", self._scoring),
        ]  # fmt: skip

    def _people(self):
        head = self.found.head
        name = head.jurisdiction.name
        self.jurisdiction = put_jurisdiction(by=None, code=head.jurisdiction.code, name=name.zh, name_en=name.en)
        bodies = [_body(one, head.language) for one in self.found.bodies]
        self.bodies = set_bodies(by=None, jurisdiction=self.jurisdiction, bodies=bodies)

    def _programme(self):
        head = self.found.head
        self.programme = put_programme(
            by=None, jurisdiction=self.jurisdiction, code=head.code, title=head.title.zh, title_en=head.title.en,
            office=self.bodies.get(head.office), about=_about(self.found, self.folder),
        )  # fmt: skip

    def _plan(self):
        put_edition(by=None, programme=self.programme, content=content(self.found, self.folder))

    def _metrics(self):
        found = self.found
        define_units(by=None, programme=self.programme, units=found.unit_in_english)
        define_series(by=None, programme=self.programme, definitions=[_series(found, one) for one in found.series])
        define_metrics(by=None, programme=self.programme, definitions=[_metric(found, one) for one in found.metrics])

    def _figures(self):
        figures = [_figure(self.found, one) for one in _newest_last(self.found.figures)]
        add_figures(by=None, programme=self.programme, figures=figures)

    def _items(self):
        items = [_item(self.found, one) for one in _newest_last(self.found.items)]
        add_items(by=None, programme=self.programme, items=items)

    def _rounds(self):
        set_schedule(by=None, programme=self.programme, kinds=[one.kind for one in self.found.rounds])

    def _registers(self):
        found, given = self.found, {"by": None, "programme": self.programme}
        for definition in found.registers:
            define_register(**given, definition=definition)
        for definition in found.registers:
            rows = [_entry(found, one) for one in found.entries if one.register == definition.code]
            if rows:
                put_entries(**given, register=definition.code, rows=rows, history=True)

    def _escalation(self):
        rules = [one.model_dump(mode="json", exclude_none=True) for one in self.found.escalation]
        followed = [one.register_code for one in self.found.followed]
        put_rulebook(by=None, programme=self.programme, rules=rules, registers=followed)

    def _scoring(self):
        for one in self.found.scoring:
            define_rules(by=None, programme=self.programme, scoring=one)


def open_demonstration_accounts(
    programme: Programme, found: schema.Programme, password: str, *, watch: Watch = iter
) -> list[User]:
    """The demonstration's accounts, made with that password where they do not stand yet."""
    demonstration = found.head.demonstration
    if demonstration is None:
        return []
    bodies, shared = {one.code: one for one in programme.jurisdiction.bodies.all()}, make_password(password)
    return [
        open_account(
            by=None, username=one.login, password=shared, hashed=True, role=one.role, name=one.name.zh,
            jurisdiction=programme.jurisdiction, body=bodies.get(one.body),
        )
        for one in watch(demonstration.accounts)
    ]  # fmt: skip


def content(found: schema.Programme, folder: Path) -> EditionContent:
    """The programme's plan as an edition in the office's own words."""
    head = found.head
    names = {one.code: one.en if head.language == "en" else one.name for one in found.bodies}
    digest = hashlib.sha256(
        b"".join((folder / name).read_bytes() for name in ("programme.yaml", "plan.yaml", "targets.yaml"))
    )
    return EditionContent(
        title=head.title.zh, title_en=head.title.en, number=head.number or "", issuer=head.issuer, issued=head.issued,
        starts=head.starts, ends=head.ends, origin=f"programmes/{folder.name}"[:200], digest=digest.hexdigest(),
        themes=[ThemeContent(one.no, one.title.zh, one.title.en, one.short.zh, one.short.en) for one in found.themes],
        tasks=[_task(one, (found.whole_of(one) or one).theme, names) for one in found.tasks],
        targets=[_target(one, head) for one in found.targets],
    )  # fmt: skip


def _task(one: schema.Task, theme: int | None, names: dict[str, str]) -> TaskContent:
    return TaskContent(
        no=str(one.no), title=one.title.zh, theme=theme, bodies=[names[code] for code in one.bodies],
        lead=[names[one.lead]] if one.lead else [], title_en=one.title.en, short=one.short.zh, short_en=one.short.en,
        summary=one.summary.zh, summary_en=one.summary.en,
        measures=[MeasureContent(it.title.zh, it.title.en) for it in one.measures],
    )  # fmt: skip


def _target(one: schema.Target, head: schema.Head) -> TargetContent:
    start = one.start or one.baseline
    return TargetContent(
        scope=str(one.scope), code=one.code, name=one.name.zh, name_en=one.name.en, short=one.short.zh, short_en=one.short.en,
        kind=one.kind, side=one.side or "", op=one.op, value=one.value, unit=one.unit or "",
        starts=max(one.start.date, head.starts) if one.start else head.starts, due=one.due, origin=one.origin, binding=one.binding,
        implied=one.implied, illustrative=one.illustrative, baseline=start and start.value, baseline_on=start and start.date,
        curve=_curve(one), metric=one.metric, note=one.note.zh if one.note else "", note_en=one.note.en if one.note else "",
        supports=[str(no) for no in one.supports],
    )  # fmt: skip


def _curve(one: schema.Target) -> dict:
    steps = {"steps": [[point.date.isoformat(), str(point.value)] for point in one.steps]} if one.steps else {}
    return {"shape": one.curve} | steps


def _about(found: schema.Programme, folder: Path) -> dict:
    demonstration = found.head.demonstration
    outline = folder / "outline.geojson"
    marks = {"language": "en"} if found.head.language == "en" else {}
    marks |= {"invented": True} if found.head.invented else {}
    marks |= {"monitoring": found.head.monitoring} if found.head.monitoring else {}
    marks |= {"sites": [_site(found, one) for one in found.sites]} if found.sites else {}
    marks |= {"dust": [_dust(found, one) for one in found.dust]} if found.dust else {}
    marks |= {"groups": [_group(one) for one in found.head.groups]} if found.head.groups else {}
    return marks | {
        "units": found.unit_in_english,
        "sources": [
            one.model_dump(mode="json")
            for one in found.sources
            if one.code in {series.source for series in found.series}
        ],
        "demonstration": demonstration
        and {"as_of": demonstration.as_of.isoformat(), "why": demonstration.why.model_dump()},
        "outline": outline.read_text("utf-8") if outline.is_file() else "",
    }


def _site(found: schema.Programme, one: schema.Site) -> dict:
    told = one.model_dump(mode="json", exclude={"lon", "lat", "source"})
    simulated = found.source_by_code[one.source].kind == "simulated"
    return told | {"lon": float(one.lon), "lat": float(one.lat), "simulated": simulated}


def _dust(found: schema.Programme, one: schema.DustDay) -> dict:
    simulated = found.source_by_code[one.source].kind == "simulated"
    return {"day": one.day.isoformat(), "site": one.site, "simulated": simulated}


def _group(one: schema.SiteGroup) -> dict:
    return {"code": one.code, "name": one.name.zh, "name_en": one.name.en}


def _body(one: schema.Body, language: str) -> dict:
    aliases = [*one.aliases, one.en] if language == "en" else one.aliases
    return {"code": one.code, "name": one.name, "full_name": one.full or "", "name_en": one.en, "aliases": aliases}


def _series(found: schema.Programme, one: schema.Series) -> dict:
    source = found.source_by_code[one.source].model_dump(mode="json")
    return {"code": one.code, "name": one.name.zh, "name_en": one.name.en, "unit": one.unit, "frequency": one.frequency,
            "origin": one.origin, "source": source, "body": one.body, "least": one.range[0], "most": one.range[1]}  # fmt: skip


def _metric(found: schema.Programme, one: schema.Metric) -> dict:
    sites = [_site(found, site) for site in found.sites]
    measured = {role: it.wanted.at(sites).plain() for role, it in one.inputs.measurings.items()}
    return {"code": one.code, "name": one.name.zh, "name_en": one.name.en, "unit": one.unit or "", "decimals": one.decimals,
            "better": one.better, "formula": one.formula, "inputs": one.inputs.plain | measured, "freshness_months": one.freshness_months,
            "forecast": one.forecast, "basis": one.basis.zh, "basis_en": one.basis.en, "verification": one.verification}  # fmt: skip


def _newest_last(rows: list) -> list:
    return sorted(rows, key=lambda row: row.published)


def _said(found: schema.Programme, row) -> str:
    source = found.source_by_code[row.source]
    return " ".join(filter(None, (source.title, source.url, row.note and f"（{row.note}）")))[:400]


def _figure(found: schema.Programme, row: schema.Figure) -> StatedFigure:
    _, ends = bounds(row.period, found.series_by_code[row.series].frequency)
    return StatedFigure(row.series, row.period, ends, row.value, _said(found, row), row.published)


def _item(found: schema.Programme, row: schema.Item) -> StatedItem:
    return StatedItem(row.series, row.item, row.planned, row.done, row.value, _said(found, row), row.published)


ORIGINS = {"published": "official", "office": "reported", "simulated": "simulated"}


def _entry(found: schema.Programme, row: schema.RegisterRow) -> Stated:
    source = found.source_by_code[row.source]
    return Stated(
        row.data, row.state, row.known, row.effective or row.known, row.geometry, ORIGINS[source.kind],
        " ".join(filter(None, (source.title, source.url))),
    )  # fmt: skip


def demonstration_day(programme: Programme) -> date | None:
    """The day the demonstration judges, where the programme has one."""
    told = programme.about.get("demonstration")
    return date.fromisoformat(told["as_of"]) if told else None
