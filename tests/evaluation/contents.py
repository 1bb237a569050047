"""Contents of targets and values of metrics as they come out of the database, for tests of what is made of them."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from qingshan.indicators.formulas import Counted, Row
from qingshan.indicators.values import Definition, Evidence, compute
from qingshan.plan.contents import TargetContent
from qingshan.plan.kinds import Kind
from qingshan.programme.periods import bounds

STARTS, DUE = date(2024, 1, 1), date(2026, 12, 31)
WITHOUT_VALUE = {Kind.DATED_MILESTONE, Kind.DIRECTION_ONLY}


def content(kind, op, value=None, unit="", **more) -> TargetContent:
    told = {
        "scope": "1",
        "code": "d01",
        "name": "目标",
        "name_en": "Target",
        "starts": STARTS,
        "due": DUE,
        "metric": "m",
    } | more
    return TargetContent(kind=kind, op=op, value=None if value is None else Decimal(str(value)), unit=unit, **told)


def definition(formula="latest", **more) -> Definition:
    roles = {"numerator": "a", "denominator": "b"} if formula == "share" else {"series": "a"}
    told = {"code": "m", "name": "指标", "name_en": "Metric", "unit": "%", "decimals": 1, "better": "higher", "formula": formula,
            "inputs": roles, "freshness_months": 6, "forecast": "none", "basis": "月报", "basis_en": "Reports", "verification": "P"}  # fmt: skip
    return Definition(**(told | more))


def row(period: str, value) -> Row:
    frequency = "quarter" if "Q" in period else {4: "year", 7: "month", 10: "date"}[len(period)]
    return Row(period, bounds(period, frequency)[1], Decimal(str(value)))


def evidence(*rows, origin="official") -> Evidence:
    return Evidence("a", origin, rows, tuple(map(str, rows)), date(2025, 10, 1))


def metric(formula, *told, origin="official", **more):
    """A value from (period, value) pairs; of a share, from (period, part, whole)."""
    if formula == "share":
        known = {"numerator": evidence(*(row(p, part) for p, part, _ in told), origin=origin),
                 "denominator": evidence(*(row(p, whole) for p, _, whole in told), origin=origin)}  # fmt: skip
    else:
        known = {"series": evidence(*(row(*one) for one in told), origin=origin)}
    return compute(definition(formula, **more), known)


def register(*told, **more):
    """A count of items from (planned, done) pairs; a third number is what the item counts for."""
    items = [Counted(str(n), planned, done, Decimal(amount[0]) if amount else Decimal(1), date(2025, 10, 1))
             for n, (planned, done, *amount) in enumerate(told)]  # fmt: skip
    return compute(definition("count_done", **({"unit": "个", "decimals": 0} | more)), {"series": evidence(*items)})


# Anything that plan and programme let through.

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
numbers = st.decimals(-(10**6), 10**6, places=3)
maybe = st.none() | numbers
MONTHS = [f"{year}-{month:02d}" for year in range(2022, 2027) for month in range(1, 13)]
PERIODS = {
    "month": MONTHS,
    "quarter": [f"{year}-Q{q}" for year in range(2022, 2027) for q in range(1, 5)],
    "year": [str(year) for year in range(2015, 2027)],
    "date": [f"{month}-15" for month in MONTHS],
}
curves = st.one_of(
    st.just({}),
    st.builds(lambda shape: {"shape": shape}, st.sampled_from(["linear", "level", "yearly"])),
    st.builds(lambda steps: {"shape": "steps", "steps": [[day.isoformat(), str(value)] for day, value in steps]},
              st.lists(st.tuples(days, numbers), min_size=1, max_size=3)),
)  # fmt: skip


@st.composite
def contents(draw):
    kind = draw(st.sampled_from(Kind))
    strict = kind is Kind.STRICT_BOUND
    op = draw(
        st.sampled_from(
            ["<", ">"] if strict else ["<=", ">=", "<", ">", "=", "range", "increase", "decrease", "done", ""]
        )
    )
    return content(
        kind.value, op, draw(maybe if kind in WITHOUT_VALUE else numbers), draw(st.sampled_from(["", "%", "个", "μg/m³", "公顷/年"])),
        side={"<": "below", ">": "above"}[op] if strict else "", starts=draw(days), due=draw(days), baseline=draw(maybe),
        baseline_on=draw(st.none() | days), curve=draw(curves), binding=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def metrics(draw):
    """A metric with evidence of any length, or none at all."""
    more = {"decimals": draw(st.integers(0, 6)), "better": draw(st.sampled_from(["lower", "higher"])),
            "freshness_months": draw(st.none() | st.integers(1, 120)), "unit": draw(st.sampled_from(["", "%", "个"]))}  # fmt: skip
    formula = draw(
        st.sampled_from(["annual_mean", "latest", "cumulative", "yearly_sum", "milestone", "share", "count_done"])
    )
    if formula == "count_done":
        items = draw(st.lists(st.tuples(st.none() | days, st.none() | days, st.sampled_from([1, 1, 1, 2])), max_size=8))
        return register(*items, forecast=draw(st.sampled_from(["none", "count"])), **more)
    periods = PERIODS["date" if formula == "milestone" else draw(st.sampled_from(sorted(PERIODS)))]
    first = draw(st.integers(0, len(periods) - 1))
    values = st.decimals(-5, 200, places=2)
    told = draw(st.lists(st.tuples(values, values), max_size=36))
    pairs = [(period, *both) for period, both in zip(periods[first:], told, strict=False)]
    forecast = draw(st.sampled_from(["none", "annual_mean"])) if formula == "annual_mean" else "none"
    return metric(formula, *(one if formula == "share" else one[:2] for one in pairs), forecast=forecast, **more)
