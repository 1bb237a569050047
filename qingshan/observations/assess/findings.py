"""What an evaluation of measurements comes to, period by period: the form in which a programme's metrics take it.

`TAKES` has, for each medium, what can be taken of it. A finding is exact; it is rounded once, where it is shown.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from qingshan.standards import air as law
from qingshan.standards.editions import editions

from ..wanted import Finding, Wanted, by_code
from . import air, groundwater, noise, rain, sea, sections, soil, stations, unmonitored
from .asking import Asked
from .reports import told
from .results import last_day

MONTHS = {"month": 1, "quarter": 3, "year": 12}
GOOD = 3  # classes I to III are good (优良)
ITEMS = {"PM25": "PM2.5"}


@dataclass(frozen=True, slots=True)
class Take:
    """A thing that can be taken: how, by which formula of a metric, in which unit, by which families of editions, in words."""

    find: Callable[[Asked, Wanted, date], list[Finding]]
    formula: str
    unit: Callable[[Wanted], str]
    items: tuple[str, ...]
    families: tuple[str, ...]
    zh: str
    en: str
    depth: bool = False


def asked(one: Wanted, place: str, as_of: datetime | None = None) -> Asked:
    """The question to the store at `place`, as its rows were known at `as_of`."""
    return Asked.of(place, one.medium, one.codes, as_of)


@lru_cache(maxsize=64)
def findings(question: Asked, one: Wanted, until: date) -> tuple[Finding, ...]:
    """What the measurements came to, in whole periods that end by the day `until`. Raises KeyError for what cannot be taken."""
    return tuple(TAKES[one.medium][one.take].find(question, one, until)) if one.sites else ()


def in_words(one: Wanted, groups: Mapping[str, Mapping[str, str]] = {}) -> dict[str, str]:
    """What is taken, in both languages: 环境空气 PM2.5：各点位有效日均值的区域平均. `groups`: names of groups by their code."""
    take, item = TAKES[one.medium][one.take], ITEMS.get(one.item, one.item)
    group = groups.get(one.group, {"zh": one.group, "en": one.group})
    zh, en = (" ".join(filter(None, (one.words[to], item, one.depth and f"{one.depth} mm"))) for to in ("zh", "en"))
    of = (
        {to: f"（{group[to]}）" if to == "zh" else f" ({group[to]})" for to in group}
        if one.group
        else {"zh": "", "en": ""}
    )
    return {"zh": f"{zh}{of['zh']}：{take.zh}", "en": f"{en}{of['en']}: {take.en}"}


def editions_of(one: Wanted, since: date, until: date) -> list[dict]:
    """The editions that say how it is made up, as far as they hold on any day of a span, with their marks of verification."""
    known = (each for family in TAKES[one.medium][one.take].families for each in editions(family))
    return [told(each) for each in known if each.since <= until and (each.until is None or each.until > since)]


# --- air


def _air_means(question: Asked, one: Wanted, until: date) -> list[Finding]:
    """Each month's mean of the district's daily values.

    References
    ----------
    HJ 663: the mean of a year is that of its daily means, so that a month counts for as many days as it has.
    """
    district = stations.district(question, _plans(one))
    return [] if district is None else [_air_mean(district, one.item, *span) for span in _spans(district, until)]


def _plans(one: Wanted) -> unmonitored.Plans:
    return unmonitored.plans(one.properties.values())


def _air_mean(district: stations.Station, item: str, since: date, until: date) -> Finding:
    days = [value for day, value in district.exact[item].items() if since <= day <= until]
    return _of_month(since, until, len(days), sum(days) / len(days) if days else None)


def _good_days(question: Asked, one: Wanted, until: date) -> list[Finding]:
    """Each month's share of days with an index of at most 100 [%].

    References
    ----------
    HJ 663, 5.3; HJ 633 of the day.
    """
    district = stations.district(question, _plans(one))
    return [] if district is None else [_good_month(district, *span) for span in _spans(district, until)]


def _good_month(district: stations.Station, since: date, until: date) -> Finding:
    judged = [day.aqi for day in district.between(since, until) if day.aqi is not None]
    good = sum(aqi <= law.GOOD for aqi in judged)
    return _of_month(since, until, len(judged), Fraction(100 * good, len(judged)) if judged else None)


def _of_month(since: date, until: date, days: int, value: Fraction | None) -> Finding:
    """A month is seen where it has the valid days that table 4 of GB 3095 asks for."""
    rule = air.Rules.in_force().limits_on(until)["validity"]
    enough = days >= rule["february_days" if until.month == 2 else "month_days"]
    return Finding(f"{since:%Y-%m}", until, value, days, int(enough), 1)


def _attained(question: Asked, one: Wanted, until: date) -> list[Finding]:
    """Each whole year's share of the six pollutants that attain [%]; those with too few days are not among them.

    References
    ----------
    HJ 663, 5.1: every statistic of a pollutant within its limit; the year's limits are those in force on its last day.
    """
    district = stations.district(question, _plans(one))
    years = [] if district is None else [year for year in district.years if date(year, 12, 31) <= until]
    return [_attained_in(district, year) for year in years]


def _attained_in(district: stations.Station, year: int) -> Finding:
    since, last = date(year, 1, 1), date(year, 12, 31)
    rules = air.Rules.in_force()
    days = {item: {day: v for day, v in district.exact[item].items() if since <= day <= last} for item in law.ITEMS}
    found = law.attainment(days, rules.evaluation_on(last), rules.limits_on(last))
    judged = [item for item in law.ITEMS if item not in found.incomplete]
    kept = [item for item in judged if all(told.attained for told in found.statistics if told.item == item)]
    return _share(str(year), last, len(kept), len(judged), len(judged), len(law.ITEMS))


def _spans(district: stations.Station, until: date) -> list[tuple[date, date]]:
    """The whole months from the first day measured to `until`."""
    first, spans = district.days[0].day, []
    no = first.year * 12 + first.month - 1
    while (span := _months(no, 1))[1] <= until:
        spans.append(span)
        no += 1
    return [span for span in spans if span[0] <= district.days[-1].day]


def _months(first: int, count: int) -> tuple[date, date]:
    """The first and the last day of `count` months from the month numbered year × 12 + month - 1."""
    (year, month), (end_year, end_month) = divmod(first, 12), divmod(first + count - 1, 12)
    return date(year, month + 1, 1), date(end_year, end_month + 1, monthrange(end_year, end_month + 1)[1])


# --- surface water


def _good_sections(question: Asked, one: Wanted, until: date) -> list[Finding]:
    """Each whole period's share of sections in the classes I to III [%], by the means of their items.

    References
    ----------
    环办〔2011〕22号: a section's class in a period is that of its items' means; 优良 is I to III.
    """
    found = sections.sections(question, tuple((code, site["body"]) for code, site in one.properties.items()))
    months = sorted({month for section in found.values() for month in section.months})
    return [_good_period(found, len(one.sites), *span) for span in _periods(months, one.every, until)] if months else []


def _good_period(found: Mapping[str, sections.Section], declared: int, label: str, since: date, last: date) -> Finding:
    first, end = f"{since:%Y-%m}", f"{last:%Y-%m}"
    periods = [period for one in found.values() if (period := one.period(first, end))]
    classed = [period.section.no for period in periods if period.section.no]
    return _share(label, last, sum(no <= GOOD for no in classed), len(classed), len(classed), declared)


def _periods(months: list[str], every: str, until: date) -> list[tuple[str, date, date]]:
    """The whole periods from that of the first month to `until`: their label, first and last day."""
    size = MONTHS[every]
    no, last, spans = _number(months[0]) // size * size, _number(months[-1]), []
    while no <= last and (span := _months(no, size))[1] <= until:
        spans.append((_label(span[0], every), *span))
        no += size
    return spans


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _label(since: date, every: str) -> str:
    return {"month": f"{since:%Y-%m}", "quarter": f"{since.year}-Q{since.month // 3 + 1}", "year": str(since.year)}[
        every
    ]


def _share(label: str, ends: date, part: int, whole: int, seen: int, of: int) -> Finding:
    value = Fraction(100 * part, whole) if whole else None
    return Finding(label, ends, value, whole, seen, of, Fraction(part), Fraction(whole))


# --- groundwater, soil, noise, sea, rain: whole years


@lru_cache(maxsize=32)
def _assessed(evaluation: Callable, question: Asked, sites: tuple, *more) -> tuple:
    """The rows of an evaluation of the sites, made once for all days that it is asked about."""
    with question.rows() as (connection, rows):
        return tuple(evaluation(connection, rows, by_code(sites), *more).rows)


def _stable_parks(question: Asked, one: Wanted, until: date) -> list[Finding]:
    """Each year's share of parks in which no well has a worse class than the year before [%].

    References
    ----------
    GB/T 14848-2017, 6.2 and 6.3; "stable" is a working convention of ours: no well falls by a class.
    """
    found = _assessed(groundwater.parks, question, one.sites)
    groups = {site.get("group") or "" for site in one.properties.values()}
    return [
        _parks_of(year, some, len(groups)) for year, some in _by_year(found, until) if any(it.compared for it in some)
    ]


def _parks_of(year: int, parks: list, declared: int) -> Finding:
    judged = [one for one in parks if one.stable is not None]
    return _share(str(year), date(year, 12, 31), sum(one.stable for one in judged), len(judged), len(judged), declared)


def _low_risk(question: Asked, one: Wanted, until: date) -> list[Finding]:
    """Each year's share of points at or below every screening value [%], each by its newest sample of the year.

    References
    ----------
    GB 15618-2018, GB 36600-2018.
    """
    found = _assessed(soil.lands, question, one.sites)
    return [_risks_of(year, some, len(one.sites)) for year, some in _by_year(found, until)]


def _risks_of(year: int, lands: list, declared: int) -> Finding:
    low, judged = sum(one.risks[0] for one in lands), sum(sum(one.risks) for one in lands)
    return _share(str(year), date(year, 12, 31), low, judged, judged, declared)


def _quiet_times(part: str) -> Callable[[Asked, Wanted, date], list[Finding]]:
    """Each year's share of days (or nights) that met the limit of their zone [%].

    References
    ----------
    GB 3096-2008, table 1; HJ 640-2012: point-times that meet their limit among those that are valid.
    """

    def find(question: Asked, one: Wanted, until: date) -> list[Finding]:
        found = _assessed(noise.points, question, one.sites)
        zoned = sum(site.get("zone") in noise.ZONES for site in one.properties.values())
        return [_times_of(year, [getattr(it, part) for it in some], zoned) for year, some in _by_year(found, until)]

    return find


def _times_of(year: int, shares: list[noise.Share], declared: int) -> Finding:
    met, of, there = sum(one.met for one in shares), sum(one.of for one in shares), sum(one.of > 0 for one in shares)
    return _share(str(year), date(year, 12, 31), met, of, there, declared)


def _good_sea(question: Asked, one: Wanted, until: date) -> list[Finding]:
    """Each year's share of good water (classes 1 and 2) by area, the mean of its surveys [%].

    References
    ----------
    GB 3097-1997; HJ 442.10-2020.
    """
    surveys = _assessed(sea.areas, question, one.sites, "season")
    years: dict[int, list] = defaultdict(list)
    for survey in surveys:
        if survey.good_share is not None and last_day(survey.period) <= until:
            years[int(survey.period[:4])].append(survey)
    declared = sum(Fraction(str(site["area"])) for site in one.properties.values() if site.get("area"))
    return [_surveys_of(some, declared) for _, some in sorted(years.items())]


def _surveys_of(surveys: list[sea.Area], declared: Fraction) -> Finding:
    """A year so far: it ends with its last survey, and is whole where each survey covered all of the area."""
    ends = max(last_day(one.period) for one in surveys)
    covered = sum(one.assessed >= declared for one in surveys)
    mean = sum(one.good_share for one in surveys) / len(surveys)
    return Finding(surveys[0].period[:4], ends, mean, len(surveys), covered, len(surveys))


def _captured(question: Asked, one: Wanted, until: date) -> list[Finding]:
    """Each year's share of runoff-making rain that the design rainfall would have captured, the mean of the gauges [%].

    References
    ----------
    GB/T 51345-2018; 海绵城市建设技术指南（试行）2014, annex 2.
    """
    found = _assessed(_captured_by, question, one.sites, Decimal(one.depth))
    return [_captured_in(year, some) for year, some in _by_year(found, until)]


def _captured_by(connection, rows, sites, depth: Decimal):
    return rain.periods(connection, rows, sites, depth=depth)


def _captured_in(year: int, gauges: list[rain.Period]) -> Finding:
    found = rain.together("", str(year), gauges)
    whole = sum(one.days * 20 >= one.of_days * 19 for one in gauges)  # 95 % of the days: no clause says how many
    return Finding(str(year), date(year, 12, 31), found.captured, found.judged, whole, len(gauges))


def _by_year(found: Iterable, until: date) -> list[tuple[int, list]]:
    """What was found of each year that has ended by `until`."""
    years: dict[int, list] = defaultdict(list)
    for one in found:
        if date(int(one.period), 12, 31) <= until:
            years[int(one.period)].append(one)
    return sorted(years.items())


# --- what can be taken


def _percent(one: Wanted) -> str:
    return "%"


TAKES: dict[str, dict[str, Take]] = {
    "air": {
        "mean": Take(_air_means, "annual_mean", lambda one: stations.UNITS[one.item], law.ITEMS, ("hj663", "gb3095"),
                     "各点位有效日均值的区域平均", "mean of the stations' valid daily values"),
        "good_days": Take(_good_days, "annual_mean", _percent, (), ("hj633", "hj663"),
                          "空气质量指数不超过 100 的天数占有效天数", "days with an index of at most 100 among valid days"),
        "attained": Take(_attained, "assessed", _percent, (), ("gb3095", "hj663"),
                         "六项污染物中全年达标的比例", "share of the six pollutants that attain over the year"),
    },
    "water": {
        "good_share": Take(_good_sections, "assessed", _percent, (), ("gb3838", "hb22"),
                           "Ⅰ—Ⅲ类断面占比", "share of sections in classes I to III"),
    },
    "groundwater": {
        "stable_share": Take(_stable_parks, "assessed", _percent, (), ("gbt14848",),
                             "各监测井类别均不劣于上年的园区占比", "share of parks in which no well fell by a class within a year"),
    },
    "soil": {
        "low_risk": Take(_low_risk, "assessed", _percent, (), ("gb15618", "gb36600"),
                         "不超过筛选值的点位占比", "share of points at or below every screening value"),
    },
    "noise": {
        "days_met": Take(_quiet_times("day"), "assessed", _percent, (), ("gb3096", "hj640"),
                         "昼间达标率", "share of days that met their limit"),
        "nights_met": Take(_quiet_times("night"), "assessed", _percent, (), ("gb3096", "hj640"),
                           "夜间达标率", "share of nights that met their limit"),
    },
    "sea": {
        "good_share": Take(_good_sea, "assessed", _percent, (), ("gb3097", "hj442"),
                           "一、二类水质面积占比", "share of the area in classes 1 and 2"),
    },
    "rain": {
        "captured": Take(_captured, "assessed", _percent, (), ("sponge",),
                         "设计降雨量可控制的降雨占比", "share of the rain that the design rainfall captures", depth=True),
    },
}  # fmt: skip
