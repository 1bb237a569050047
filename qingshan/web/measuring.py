"""The sites of a programme and what their measurements add up to, kept for as long as the store stands at one version."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import wraps
from threading import Lock

from django.conf import settings
from django.utils.translation import gettext as _

from qingshan.evidence.measurements.queries import asked_of, properties, sites_of
from qingshan.observations.assess.annual import Annual, annual
from qingshan.observations.assess.asking import Asked
from qingshan.observations.assess.histories import History, Waters, histories, waters
from qingshan.observations.assess.sections import Section, sections
from qingshan.observations.assess.stations import Early, Station, early, stations
from qingshan.observations.assess.unmonitored import plans
from qingshan.observations.rows import FLAGS
from qingshan.plan.models import Programme
from qingshan.standards.editions import edition
from qingshan.web import wording

AIR = {"SO2": "SO₂", "NO2": "NO₂", "PM10": "PM₁₀", "PM25": "PM₂.₅", "CO": "CO", "O3": "O₃"}


def site(programme: Programme, code: str) -> dict | None:
    return next((one for one in sites_of(programme) if one["code"] == code), None)


_working: dict[tuple, Lock] = defaultdict(Lock)


def worked_out_once(evaluation: Callable) -> Callable:
    """Of several readers who ask at once for what is not kept yet, one works it out and the others wait for it."""

    @wraps(evaluation)
    def one_at_a_time(programme: Programme, *medium: str):
        with _working[evaluation.__name__, programme, *medium]:
            return evaluation(programme, *medium)

    return one_at_a_time


@worked_out_once
def air_of(programme: Programme) -> dict[str, Station]:
    sites = sites_of(programme, "air")
    return stations(asked_of(programme, "air"), plans(sites)) if sites else {}


@worked_out_once
def early_of_air(programme: Programme) -> dict[str, Early]:
    """The stations with days before there was any edition to judge them by."""
    return early(asked_of(programme, "air")) if sites_of(programme, "air") else {}


@worked_out_once
def years_of_air(programme: Programme) -> Annual | None:
    """The years of all stations of air and of each; None without any measurement."""
    dust = tuple((one["site"], date.fromisoformat(one["day"])) for one in programme.about.get("dust", []))
    sites = sites_of(programme, "air")
    found = annual(asked_of(programme, "air"), dust, plans(sites)) if sites else None
    return found if found and found.stations else None


@worked_out_once
def water_of(programme: Programme) -> dict[str, Section]:
    bodies = tuple((one["code"], one["body"]) for one in sites_of(programme, "water"))
    codes = tuple(code for code, body in bodies)
    return sections(Asked.of(settings.OBSERVATIONS, "water", codes), bodies) if codes else {}


@worked_out_once
def histories_of(programme: Programme, medium: str) -> dict[str, History]:
    """Wells, points, stations of the sea and gauges by their code; air and water have their own."""
    told = properties(programme, medium)
    return histories(asked_of(programme, medium), told) if told else {}


@worked_out_once
def groups_of_water(programme: Programme) -> Waters:
    told = properties(programme, "water")
    return waters(asked_of(programme, "water"), told) if told else Waters([], [])


def group_name(programme: Programme, code: str) -> str:
    """The name of a group of sites."""
    known = {one["code"]: one for one in programme.about.get("groups", [])}
    return wording.said(known[code]) if code in known else code


def item_name(item: str) -> str:
    """An item of water in the reader's language; those of air are formulas."""
    known = edition("gb3838", code="gb3838-2002")["items"]
    return AIR.get(item) or (wording.said(known[item]) if item in known else item)


def pollutants(section) -> str:
    """总磷（0.26）、氨氮（0.10）: the main pollutants with the multiple by which each exceeds its limit."""
    told = [(item_name(one.item), one.multiple) for one in section.main_pollutants]
    return _("、").join(name if multiple is None else f"{name} ({multiple})" for name, multiple in told)


def index_lacks(items: Sequence[str]) -> str:
    """缺 CO: why there is no composite index; nothing where all six items are there, or none is."""
    told = {"items": _("、").join(AIR[item] for item in items)}
    return _("缺 %(items)s") % told if 0 < len(items) < len(AIR) else ""


def body_words(body: str) -> str:
    return {"river": _("河流"), "lake": _("湖泊")}[body]


def flag_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Flags in words with how many rows carry each, the most frequent first."""
    told = {code: wording.said({"zh": one.zh, "en": one.en}) for code, one in FLAGS.items()}
    return [(told.get(code, code), n) for code, n in sorted(counts.items(), key=lambda one: -one[1])]


def share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None


@dataclass(frozen=True)
class Span:
    """Whole months, from the first to the last: 2025-01 to 2025-10."""

    since: str
    until: str

    @property
    def first(self) -> date:
        return date.fromisoformat(f"{self.since}-01")

    @property
    def last(self) -> date:
        year, month = map(int, self.until.split("-"))
        return date(year, month, monthrange(year, month)[1])

    @property
    def year_before(self) -> "Span":
        return Span(*(f"{int(one[:4]) - 1}{one[4:]}" for one in (self.since, self.until)))

    def __str__(self) -> str:
        return self.since if self.since == self.until else f"{self.since} – {self.until}"


def spans(told: Mapping[str, str], newest: str) -> tuple[Span, Span, str]:
    """The two periods asked to be compared and what is wrong with the question, if anything is.

    Where nothing is asked: this year up to its newest month, and the same months of the year before.
    """
    usual = Span(f"{newest[:4]}-01", newest)
    if not any(told.get(name) for name in ("since", "until", "with_since", "with_until")):
        return usual, usual.year_before, ""
    try:
        return _span(told, "since", "until"), _span(told, "with_since", "with_until"), ""
    except ValueError as wrong:
        return usual, usual.year_before, str(wrong)


def _span(told: Mapping[str, str], first: str, last: str) -> Span:
    found = Span(_month(told.get(first, "")), _month(told.get(last, "")))
    if found.since > found.until:
        raise ValueError(
            _("起始月份 %(since)s 晚于截止月份 %(until)s，请对调。") % {"since": found.since, "until": found.until}
        )
    return found


def _month(text: str) -> str:
    try:
        return f"{date.fromisoformat(f'{text}-01'):%Y-%m}"
    except ValueError:
        raise ValueError(_("月份应写作 2025-10，现为“%(text)s”。") % {"text": text[:20]}) from None


def month_asked(text: str | None, known: list[str]) -> str | None:
    """The month asked for if there is one of it, else the newest."""
    return text if text in known else (known[-1] if known else None)
