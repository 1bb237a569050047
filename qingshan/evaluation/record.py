"""The record of an evaluation run: everything it says, as canonical JSON, the same bytes for the same evidence.

Numbers stand in it as text, since a JSON number would be read back as a float.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from qingshan.indicators.formulas import FORMULAS, Point
from qingshan.indicators.values import MetricValue
from qingshan.plan.levels import parts_of

from .assessing import Assessment
from .forecast import AnnualForecast, CountForecast
from .planned import planned
from .status import Kind, sentence
from .tasks import counts, roll_up


class Header(NamedTuple):
    """What was judged, by which code, with which knowledge."""

    programme: str
    edition: int
    title: str
    digest: str
    as_of: date
    cutoff: datetime
    code_version: str


def build(
    header: Header, assessments: Sequence[Assessment], tasks: Sequence[str], units: Mapping[str, str]
) -> dict[str, Any]:
    """The record as plain data. `tasks` are the plan's task numbers in order; `units` gives a unit's English spelling."""
    targets = [entry(one, units) for one in assessments]
    rolled = [_task(no, parts_of(no, tasks), assessments) for no in tasks]
    return {
        "programme": header.programme,
        "edition": {"ordinal": header.edition, "title": header.title, "digest": header.digest},
        "as_of": header.as_of.isoformat(),
        "cutoff": header.cutoff.astimezone(UTC).isoformat(timespec="microseconds"),
        "code_version": header.code_version,
        "counts": counts(one.judgement.status for one in assessments if one.content.origin == "plan"),
        "targets": targets,
        "tasks": rolled,
    }


def canonical(record: Mapping[str, Any]) -> str:
    """The one way to write a record: keys sorted, no spare space, characters as they are."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 [hex] of a canonical record."""
    return hashlib.sha256(text.encode()).hexdigest()


def judges(assessment: Assessment, no: str) -> bool:
    """Whether a target judges the task: it stands in it, or the office assigned it to it."""
    content = assessment.content
    return content.scope == no or no in content.supports


def _task(no: str, parts: Sequence[str], assessments: Sequence[Assessment]) -> dict[str, Any]:
    """What judges a task judges the task that it is a part of."""
    mine = [one for one in assessments if any(judges(one, each) for each in (no, *parts))]
    rolled = roll_up({one.content.code: one.judgement for one in mine})
    return {
        "no": no,
        "status": rolled.status.value,
        "because": list(rolled.governing),
        "silent": list(rolled.no_data),
        "striven_for": rolled.striven_for,
    }


def entry(one: Assessment, units: Mapping[str, str]) -> dict[str, Any]:
    """What the record says of one target."""
    content, judgement = one.content, one.judgement
    return {
        "code": content.code,
        "scope": content.scope,
        "supports": list(content.supports),
        "origin": content.origin,
        "name": content.name,
        "name_en": content.name_en,
        "short": content.short,
        "short_en": content.short_en,
        "kind": content.kind,
        "op": content.op,
        "metric": content.metric,
        "unit": judgement.unit,
        "unit_en": units.get(judgement.unit, judgement.unit),
        "goal": text(judgement.goal),
        "starts": content.starts.isoformat(),
        "due": content.due.isoformat(),
        "binding": content.binding,
        "implied": content.implied,
        "illustrative": content.illustrative,
        "status": judgement.status.value,
        "reason": judgement.reason.value,
        "sentence": {
            "zh": sentence(judgement, "zh") + "。",
            "en": _capital(sentence(judgement, "en", units.get(judgement.unit, judgement.unit))) + ".",
        },
        "actual": text(judgement.actual),
        "actual_on": day(judgement.actual_on),
        "newest": day(judgement.newest),
        "planned": text(judgement.planned),
        "planned_on": day(judgement.planned_on),
        "gap": text(judgement.gap),
        "baseline": text(content.baseline),
        "baseline_on": day(content.baseline_on),
        "days_left": judgement.days_left,
        "stale": judgement.stale,
        "decided": judgement.decided,
        "planned_line": _line(one),
        "outlook": _outlook(one.forecast, judgement.unit, units.get(judgement.unit, judgement.unit)),
        **_metric(one.value),
    }


def _metric(value: MetricValue | None) -> dict[str, Any]:
    if value is None:
        return {
            "decimals": 0,
            "better": "",
            "points": [],
            "formula": None,
            "basis": None,
            "verification": "",
            "marks": [],
            "inputs": [],
        }
    known = value.definition
    formula = FORMULAS[known.formula]
    return {
        "decimals": known.decimals,
        "better": known.better,
        "points": [_point(one) for one in value.points],
        "formula": {"code": known.formula, "zh": formula.zh, "en": formula.en},
        "basis": {"zh": known.basis, "en": known.basis_en},
        "verification": known.verification,
        "marks": list(value.origins),
        "inputs": [_input(role, one) for role, one in sorted(value.evidence.items())],
    }


def _input(role: str, one) -> dict[str, Any]:
    first, last = (one.rows[0], one.rows[-1]) if one.rows else (None, None)
    return {
        "role": role,
        "series": one.series,
        "origin": one.origin,
        "rows": len(one.rows),
        "from": first and first[0],
        "to": last and last[0],
        "known_on": day(one.known_on),
        "digest": one.digest(),
    }


def _point(one: Point) -> dict[str, Any]:
    return {
        "period": one.period,
        "ends": one.ends.isoformat(),
        "value": text(one.value),
        "completeness": None if one.of is None else {"seen": one.seen, "of": one.of},
        "share": None if one.whole is None else {"part": text(one.part), "whole": text(one.whole)},
    }


def _line(one: Assessment) -> list[dict[str, Any]]:
    """The planned line on the quarter ends from start to deadline, for drawing."""
    if one.target.kind is Kind.DIRECTION_ONLY:
        return []
    days = [one.target.start, *_quarter_ends(one.target.start, one.target.deadline), one.target.deadline]
    known = ((when, planned(one.target, when)) for when in dict.fromkeys(days))
    return [{"on": when.isoformat(), "value": text(value)} for when, value in known if value is not None]


def _quarter_ends(first: date, last: date) -> list[date]:
    ends = [
        date(year, month, 31 if month in (3, 12) else 30)
        for year in range(first.year, last.year + 1)
        for month in (3, 6, 9, 12)
    ]
    return [when for when in ends if first < when < last]


def _outlook(ahead: AnnualForecast | CountForecast | None, unit: str, unit_en: str) -> dict[str, Any] | None:
    if ahead is None:
        return None
    shared = {
        "low": text(ahead.low),
        "high": text(ahead.high),
        "level": text(ahead.level),
        "probability": text(ahead.probability),
    }
    told = _annual(ahead) if isinstance(ahead, AnnualForecast) else _count(ahead, unit, unit_en)
    return shared | told


def _annual(ahead: AnnualForecast) -> dict[str, Any]:
    return {
        "about": "annual_mean",
        "year": ahead.year,
        "central": text(ahead.central),
        "so_far": text(ahead.mean_so_far),
        "months_seen": ahead.months_seen,
        "months_left": ahead.months_left,
        "newest_month": f"{ahead.newest[0]}-{ahead.newest[1]:02d}",
        "allowed": ahead.allowed.value,
        "allowed_remaining": text(ahead.allowed_remaining),
        "cautions": [one.value for one in ahead.cautions],
        "calibration": ahead.calibration,
        "fan": [
            {
                "period": str(one.year),
                "central": text(one.central),
                "low": text(one.low),
                "high": text(one.high),
                "seen": one.months_seen,
                "left": 12 - one.months_seen,
                "allowed_remaining": text(one.allowed_remaining),
            }
            for one in ahead.fan
        ],
        "sentence": _annual_sentence(ahead),
    }


def _annual_sentence(ahead: AnnualForecast) -> dict[str, str]:
    level = f"{ahead.level * 100:.0f}"
    zh = f"预测 {ahead.year} 年均值 {text(ahead.central)}，{level} % 预测区间 {text(ahead.low)}–{text(ahead.high)}"
    en = (
        f"Forecast mean of {ahead.year}: {text(ahead.central)}, {level} % interval {text(ahead.low)}–{text(ahead.high)}"
    )
    if ahead.probability is not None:
        zh += f"，达到目标的概率 {ahead.probability * 100:.0f} %"
        en += f"; {ahead.probability * 100:.0f} % likely to meet the target"
    now = ahead.fan[0]
    if now.allowed_remaining is not None:
        most_zh, most_en = ("至多", "at most") if ahead.bound.startswith("<") else ("至少", "at least")
        left, allowed = 12 - now.months_seen, text(now.allowed_remaining)
        zh += f"；{now.year} 年其余 {left} 个月的均值{most_zh}为 {allowed}，全年方符合要求"
        en += f"; the remaining {left} months of {now.year} may average {most_en} {allowed} for that year to meet it"
    return {"zh": zh + "。", "en": en + "."}


def _count(ahead: CountForecast, unit: str, unit_en: str) -> dict[str, Any]:
    return {
        "about": "count",
        "central": text(ahead.expected),
        "to_finish": ahead.to_finish,
        "unplanned": ahead.unplanned,
        "needed_per_month": text(ahead.needed_per_month),
        "recent_per_month": text(ahead.recent_per_month),
        "days_late": ahead.days_late,
        "slips": ahead.slips,
        "allowed": ahead.allowed.value,
        "allowed_remaining": None,
        "cautions": [],
        "fan": [
            {
                "period": ahead.by.isoformat(),
                "central": text(ahead.expected),
                "low": text(ahead.low),
                "high": text(ahead.high),
                "seen": None,
            }
        ],
        "sentence": _count_sentence(ahead, unit, unit_en),
    }


def _count_sentence(ahead: CountForecast, unit: str, unit_en: str) -> dict[str, str]:
    if not ahead.to_finish:
        return {
            "zh": f"已完成 {_of(ahead.done, unit)}，目标 {_of(ahead.target, unit)}已达到。",
            "en": f"{_of(ahead.done, unit_en)} done; the target of {ahead.target} is reached.",
        }
    needed, recent = text(ahead.needed_per_month), text(ahead.recent_per_month)
    pace_zh = f"，每月需 {_of(needed, unit)}" if needed is not None else ""
    pace_en = f", {needed} a month" if needed is not None else ""
    return {
        "zh": f"尚需完成 {_of(ahead.to_finish, unit)}{pace_zh}；近 12 个月每月完成 {_of(recent, unit)}；"
              f"预计到期完成 {_of(text(ahead.expected), unit)}（{ahead.low}–{ahead.high}），达到目标的概率 {ahead.probability * 100:.0f} %。",
        "en": f"{_of(ahead.to_finish, unit_en)} still to finish{pace_en}; the last 12 months made {recent} a month; "
              f"expected at the deadline: {text(ahead.expected)} ({ahead.low}–{ahead.high}); {ahead.probability * 100:.0f} % likely to reach the target.",
    }  # fmt: skip


def _of(number: int | str, unit: str) -> str:
    return f"{number} {unit}".rstrip()


def text(number: Decimal | int | None) -> str | None:
    """A number without exponent and without idle zeros; None stays None."""
    if number is None:
        return None
    plain = f"{abs(number) if number == 0 else number:f}" if isinstance(number, Decimal) else str(number)
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def day(when: date | None) -> str | None:
    return when and when.isoformat()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
