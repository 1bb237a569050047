"""The measurements behind a value: what each period came to, at which sites, by which editions, and the way to the raw rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from qingshan.evaluation.models import Run
from qingshan.evidence.measurements.queries import sites_of
from qingshan.indicators.queries import metrics_as_of
from qingshan.observations.assess.asking import Read, read
from qingshan.observations.assess.findings import TAKES, asked, editions_of, findings, in_words
from qingshan.observations.wanted import Finding, Wanted, wanted
from qingshan.plan.models import Programme
from qingshan.standards.rounding import round_gbt8170
from qingshan.web.bindings import groups_of
from qingshan.web.wording import said


class Line(NamedTuple):
    """A finding with its value as it is shown."""

    period: str
    shown: Decimal | None
    weight: int
    seen: int
    of: int
    part: Decimal | None
    whole: Decimal | None


@dataclass(frozen=True)
class Taken:
    """What a metric took. `rows`: the newest period first; `sites`: as the programme declares them today."""

    wanted: Wanted
    words: Mapping[str, str]
    rows: list[Line]
    sites: list[dict]
    editions: list[dict]
    read: Read

    @property
    def code(self) -> str:
        return self.wanted.name

    @property
    def shares(self) -> bool:
        """Whether each value is a part of a whole."""
        return any(one.whole is not None for one in self.rows)

    @property
    def days(self) -> bool:
        """Whether each value is the mean of so many days."""
        return TAKES[self.wanted.medium][self.wanted.take].formula == "annual_mean"


def taken(run: Run, metric_code: str) -> list[Taken]:
    """For each input of a metric that is measured: what a run took, as the rows were known then."""
    metric = metrics_as_of(run.programme, run.cutoff).get(metric_code)
    return [_taken(run, one, metric.decimals) for one in _wanted(metric.inputs.values())] if metric else []


def names_of_streams(run: Run, inputs: Iterable[str | dict]) -> dict[str, str]:
    """What each of the measurements among a metric's inputs is called, in words."""
    return {one.name: said(in_words(one, groups_of(run.programme))) for one in _wanted(inputs)}


def _wanted(inputs: Iterable[str | dict]) -> list[Wanted]:
    return [wanted(one) for one in inputs if isinstance(one, dict) and "stream" in one]


def _taken(run: Run, one: Wanted, places: int) -> Taken:
    question = asked(one, settings.OBSERVATIONS, run.cutoff)
    rows = findings(question, one, run.as_of)
    known = {site["code"]: site for site in sites_of(run.programme, one.medium)}
    since = _first(rows[0]) if rows else run.as_of
    span = {"since": since.isoformat(), "until": run.as_of.isoformat()} | ({"item": one.item} if one.item else {})
    sites = [_site(run.programme, known.get(code, {"code": code, "name": code}), span) for code in one.codes]
    lines = [_line(row, places) for row in reversed(rows)]
    words = in_words(one, groups_of(run.programme))
    return Taken(one, words, lines, sites, editions_of(one, since, run.as_of), read(question, run.as_of))


def _site(programme: Programme, site: dict, span: Mapping[str, str]) -> dict:
    """A site with the address of the very rows that were taken of it."""
    return site | {"rows": f"{reverse('measurement-rows', args=[programme.code, site['code']])}?{urlencode(span)}"}


def _line(one: Finding, places: int) -> Line:
    value, part, whole = (
        None if n is None else round_gbt8170(n, p) for n, p in ((one.value, places), (one.part, 6), (one.whole, 6))
    )
    return Line(one.period, value, one.weight, one.seen, one.of, part, whole)


def _first(one: Finding) -> date:
    """The first day of a finding's period: 2025, 2025-Q3 or 2025-07."""
    if "Q" in one.period:
        return date(one.ends.year, one.ends.month - 2, 1)
    return one.ends.replace(day=1) if "-" in one.period else date(one.ends.year, 1, 1)
