from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qingshan.evaluation import rulebook
from qingshan.evaluation.status import (
    STATUS_WORDS,
    Curve,
    Evidence,
    Judgement,
    Kind,
    Outlook,
    Point,
    Reason,
    Side,
    Status,
    Target,
    judge,
    sentence,
    severity,
)
from qingshan.evaluation.wording import SAYS, number
from tests.evaluation.promises import at, day, evidences, outlook, outlooks, seen, target, targets

MOMENTS = {"before": day("2025-09-30"), "at": day("2026-12-31"), "after": day("2027-03-31")}
CASES = ("better", "equal", "worse", "missing")

# The figure is dated the day judged, after the deadline the deadline itself. "worse" is short of the goal and of the line.
# A whole cannot be more than covered, so full coverage has no "better".
TABLE = """
upper_bound      before   on_track  on_track   off_track  no_data
upper_bound      at       attained  attained   off_track  no_data
upper_bound      after    attained  attained   off_track  no_data
lower_bound      before   on_track  on_track   off_track  no_data
lower_bound      at       attained  attained   off_track  no_data
lower_bound      after    attained  attained   off_track  no_data
strict_bound     before   on_track  on_track   off_track  no_data
strict_bound     at       attained  off_track  off_track  no_data
strict_bound     after    attained  off_track  off_track  no_data
maintain         before   on_track  on_track   off_track  no_data
maintain         at       attained  attained   off_track  no_data
maintain         after    attained  attained   off_track  no_data
cumulative_count before   attained  attained   off_track  no_data
cumulative_count at       attained  attained   off_track  no_data
cumulative_count after    attained  attained   off_track  no_data
yearly_quota     before   on_track  on_track   off_track  no_data
yearly_quota     at       attained  attained   off_track  no_data
yearly_quota     after    attained  attained   off_track  no_data
full_coverage    before   -         on_track   off_track  no_data
full_coverage    at       -         attained   off_track  no_data
full_coverage    after    -         attained   off_track  no_data
dated_milestone  before   attained  on_track   off_track  no_data
dated_milestone  at       attained  on_track   off_track  no_data
dated_milestone  after    attained  at_risk    off_track  no_data
direction_only   before   on_track  off_track  off_track  no_data
direction_only   at       attained  off_track  off_track  no_data
direction_only   after    attained  off_track  off_track  no_data
"""
ROWS = {tuple(line.split()[:2]): line.split()[2:] for line in TABLE.strip().splitlines()}
CELLS = [(*key, case, status) for key, row in ROWS.items() for case, status in zip(CASES, row, strict=True)]

TARGETS = {
    Kind.UPPER_BOUND: target("upper_bound", 28, baseline=34),
    Kind.LOWER_BOUND: target("lower_bound", 85, baseline=79),
    Kind.STRICT_BOUND: target("strict_bound", 90, side=Side.HIGHER, baseline=80),
    Kind.MAINTAIN: target("maintain", 95),
    Kind.CUMULATIVE_COUNT: target("cumulative_count", 60),
    Kind.YEARLY_QUOTA: target("yearly_quota", 80000),
    Kind.FULL_COVERAGE: target("full_coverage", baseline=50),
    Kind.DATED_MILESTONE: target("dated_milestone"),
    Kind.DIRECTION_ONLY: target("direction_only", side=Side.LOWER, baseline=10),
}  # fmt: skip
FIGURES = {
    Kind.UPPER_BOUND: {"better": "27.9", "equal": "28", "worse": "33.5"},
    Kind.LOWER_BOUND: {"better": "85.1", "equal": "85", "worse": "79.5"},
    Kind.STRICT_BOUND: {"better": "90.1", "equal": "90", "worse": "81"},
    Kind.MAINTAIN: {"better": "95.1", "equal": "95", "worse": "94.9"},
    Kind.CUMULATIVE_COUNT: {"better": "61", "equal": "60", "worse": "12"},
    Kind.YEARLY_QUOTA: {"better": "80001", "equal": "80000", "worse": "30000"},
    Kind.FULL_COVERAGE: {"equal": "40/40", "worse": "21/40"},
    Kind.DATED_MILESTONE: {"equal": "100", "worse": "20"},
    Kind.DIRECTION_ONLY: {"better": "9.9", "equal": "10", "worse": "10.1"},
}


def cell_evidence(kind, moment, case):
    last = min(MOMENTS[moment], day("2026-12-31"))
    if case == "missing":
        return Evidence()
    if kind is Kind.DATED_MILESTONE and case == "better":
        return Evidence(done=last)
    years = range(2024, last.year) if kind is Kind.YEARLY_QUOTA else ()
    return seen(*(f"{until} {FIGURES[kind][case]}" for until in (*(f"{year}-12-31" for year in years), last)))


@pytest.mark.parametrize(("kind", "moment", "case", "status"), [cell for cell in CELLS if cell[3] != "-"])
def test_every_kind_before_at_and_after_its_deadline(kind, moment, case, status):
    kind = Kind(kind)
    answer = judge(TARGETS[kind], cell_evidence(kind, moment, case), MOMENTS[moment])
    assert answer.status == status


def test_no_cell_of_the_table_is_missing():
    assert set(ROWS) == {(kind, moment) for kind in Kind for moment in MOMENTS}
    assert all(len(row) == len(CASES) for row in ROWS.values())
    impossible = {cell[:3] for cell in CELLS if cell[3] == "-"}
    assert impossible == {("full_coverage", moment, "better") for moment in MOMENTS}
    with pytest.raises(ValueError, match="41"):
        at("2025-09-30", "41/40")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("case", ["better", "missing"])
def test_before_the_start_nothing_is_due(kind, case):
    waiting = replace(TARGETS[kind], start=day("2026-01-01"))
    evidence = Evidence() if case == "missing" or kind is Kind.FULL_COVERAGE else cell_evidence(kind, "before", case)
    irreversible = case == "better" and kind in (Kind.CUMULATIVE_COUNT, Kind.DATED_MILESTONE)
    assert judge(waiting, evidence, day("2025-09-30")).status is (
        Status.ATTAINED if irreversible else Status.NOT_YET_DUE
    )


PM25 = target("upper_bound", 28, baseline=34, unit="μg/m³", binding=False)
PM25_NO_LINE = replace(PM25, baseline=None)
SECTIONS = target("lower_bound", 85, baseline=79, unit="%")
KEPT = target("maintain", 100, unit="%")
CELLS_60 = target("cumulative_count", 60, unit="个")
QUOTA = target("yearly_quota", 80000, unit="亩次/年")
ABOVE_90 = target("strict_bound", 90, side=Side.HIGHER, unit="%")
BELOW_5 = target("strict_bound", 5, side=Side.LOWER, unit="%", baseline=9)
ALL = target("full_coverage")
BAY = target("dated_milestone", deadline="2025-12-31")
CARBON = target("direction_only", side=Side.LOWER, baseline="1.20", baseline_on=day("2023-12-31"))

SCENARIOS = [
    # A state before its deadline year.
    ("bound ahead of its line", SECTIONS, seen("2025-09-30 83"), "2025-09-30", "on_track", "with_plan"),
    ("bound a little behind its line", SECTIONS, seen("2025-09-30 82.3"), "2025-09-30", "at_risk", "slightly_behind"),
    ("bound far behind its line", SECTIONS, seen("2025-09-30 81"), "2025-09-30", "off_track", "behind"),
    ("bound behind by exactly the tolerance", replace(SECTIONS, deadline=day("2024-01-05"), baseline=Decimal(65)), seen("2024-01-03 73"), "2024-01-03", "at_risk", "slightly_behind"),
    ("bound behind by more than the tolerance", replace(SECTIONS, deadline=day("2024-01-05"), baseline=Decimal(65)), seen("2024-01-03 72.9"), "2024-01-03", "off_track", "behind"),
    ("upper bound a little above its line", replace(PM25, deadline=day("2024-01-05")), seen("2024-01-03 31.5"), "2024-01-03", "at_risk", "slightly_behind"),
    ("upper bound far above its line", replace(PM25, deadline=day("2024-01-05")), seen("2024-01-03 31.7"), "2024-01-03", "off_track", "behind"),
    ("no progress does not hide lateness", SECTIONS, seen("2025-09-30 79"), "2025-09-30", "off_track", "behind"),
    ("a value below the baseline does not hide lateness", SECTIONS, seen("2024-01-02 78"), "2024-01-02", "off_track", "behind"),
    ("a count gone backwards", replace(CELLS_60, baseline=Decimal(10)), seen("2024-06-30 9"), "2024-06-30", "off_track", "behind"),
    ("a bound is held against the line of its figure's day", SECTIONS, seen("2024-12-31 81"), "2025-09-30", "on_track", "with_plan"),
    ("no baseline, not met yet", PM25_NO_LINE, seen("2025-09-30 31"), "2025-09-30", "at_risk", "no_line"),
    ("no baseline, already met", PM25_NO_LINE, seen("2025-09-30 27"), "2025-09-30", "on_track", "met_early"),
    ("baseline equal to the goal and kept", replace(SECTIONS, baseline=Decimal(85)), seen("2025-09-30 85"), "2025-09-30", "on_track", "met_early"),
    ("baseline equal to the goal and lost", replace(SECTIONS, baseline=Decimal(85)), seen("2025-09-30 84.9"), "2025-09-30", "off_track", "behind"),
    ("baseline better than the goal, still met", replace(PM25, baseline=Decimal(26)), seen("2025-09-30 27.5"), "2025-09-30", "on_track", "met_early"),
    ("baseline better than the goal, now lost", replace(PM25, baseline=Decimal(26)), seen("2025-09-30 28.1"), "2025-09-30", "off_track", "behind"),
    ("a later period than today is not seen", SECTIONS, seen("2025-06-30 80", "2025-12-31 90"), "2025-09-30", "off_track", "behind"),
    ("a figure from before the start is no evidence", SECTIONS, seen("2023-12-31 90"), "2025-09-30", "no_data", "no_evidence"),
    ("of two figures of a day the later row is the correction", SECTIONS, seen("2025-06-30 90", "2025-06-30 80"), "2025-09-30", "off_track", "behind"),
    ("a missing value is not a figure", SECTIONS, Evidence((at("2025-06-30", None),)), "2025-09-30", "no_data", "no_evidence"),
    ("old evidence carries nothing", SECTIONS, seen("2024-06-30 86"), "2025-09-30", "at_risk", "stale"),
    ("old evidence still shows lateness", SECTIONS, seen("2024-06-30 70"), "2025-09-30", "off_track", "behind"),
    ("evidence exactly as old as allowed", replace(SECTIONS, freshness=92), seen("2025-06-30 86"), "2025-09-30", "on_track", "met_early"),
    ("evidence a day older than allowed", replace(SECTIONS, freshness=91), seen("2025-06-30 86"), "2025-09-30", "at_risk", "stale"),
    # A state at its deadline.
    ("a figure of the deadline's year decides only when the deadline has come", SECTIONS, seen("2026-06-30 86"), "2026-12-31", "on_track", "met_early"),
    ("a figure of the deadline's year decides after it", SECTIONS, seen("2026-06-30 86"), "2027-01-01", "attained", "met"),
    ("a part of the year does not decide", PM25, Evidence((at("2026-09-30", 27, completeness=Decimal("0.75")),)), "2027-01-01", "at_risk", "partial"),
    ("a part of the year that fails", PM25, Evidence((at("2026-09-30", 29, completeness=Decimal("0.75")),)), "2027-01-01", "off_track", "short"),
    ("a part of the year that counts as enough", replace(PM25, enough=Decimal("0.75")), Evidence((at("2026-09-30", 27, completeness=Decimal("0.75")),)), "2027-01-01", "attained", "met"),
    ("deadline passed in silence, last figure good", SECTIONS, seen("2025-12-31 86"), "2027-01-01", "no_data", "awaiting"),
    ("deadline passed in silence, last figure bad", SECTIONS, seen("2025-12-31 84"), "2027-01-01", "off_track", "short"),
    ("too old at the deadline to decide", replace(SECTIONS, freshness=90), seen("2026-06-30 86"), "2027-01-01", "at_risk", "partial"),
    ("what came after the deadline does not undo it", SECTIONS, seen("2026-12-31 86", "2027-12-31 80"), "2028-02-01", "attained", "met"),
    ("what came after the deadline does not mend it", SECTIONS, seen("2026-12-31 84", "2027-12-31 90"), "2028-02-01", "off_track", "missed"),
    ("a year's figure ends after a deadline within it", replace(SECTIONS, deadline=day("2026-06-30")), seen("2026-12-31 86"), "2027-01-15", "attained", "met"),
    ("the deadline's own figure comes before a later one of its year", replace(SECTIONS, deadline=day("2026-06-30")), seen("2026-06-30 84", "2026-12-31 86"), "2027-01-15", "off_track", "missed"),
    ("the newest figure of the deadline's year decides", SECTIONS, seen("2026-06-30 80", "2026-12-31 86"), "2027-01-15", "attained", "met"),
    ("start and deadline on one day", replace(SECTIONS, start=day("2026-12-31")), seen("2026-12-31 85"), "2026-12-31", "attained", "met"),
    ("start and deadline on one day, missed", replace(SECTIONS, start=day("2026-12-31")), seen("2026-12-31 84"), "2026-12-31", "off_track", "missed"),
    ("striven for and missed is still off track", PM25, seen("2026-12-31 29"), "2027-01-15", "off_track", "missed"),
    ("a decimal and a whole number are equal", SECTIONS, seen("2026-12-31 85.000"), "2026-12-31", "attained", "met"),
    ("a hair short is short", SECTIONS, seen("2026-12-31 84.9999999999999999999999999999999"), "2026-12-31", "off_track", "missed"),
    ("negative numbers, lower is better", target("upper_bound", -5, baseline=3), seen("2026-12-31 -5.1"), "2026-12-31", "attained", "met"),
    ("negative numbers, not low enough", target("upper_bound", -5, baseline=3), seen("2026-12-31 -4.9"), "2026-12-31", "off_track", "missed"),
    # Strict.
    ("strict: equality is not enough", ABOVE_90, seen("2026-12-31 90"), "2026-12-31", "off_track", "missed"),
    ("not strict: equality is enough", target("lower_bound", 90), seen("2026-12-31 90"), "2026-12-31", "attained", "met"),
    ("strict below: equality is not enough", BELOW_5, seen("2026-12-31 5"), "2026-12-31", "off_track", "missed"),
    ("strict below", BELOW_5, seen("2026-12-31 4.99"), "2026-12-31", "attained", "met"),
    ("strict, baseline on the limit, still there", replace(ABOVE_90, baseline=Decimal(90)), seen("2025-09-30 90"), "2025-09-30", "at_risk", "on_limit"),
    ("strict, already beyond", ABOVE_90, seen("2025-09-30 91"), "2025-09-30", "on_track", "met_early"),
    # Maintain.
    ("a first value equal to the goal is judged, not skipped", KEPT, seen("2024-12-31 100"), "2025-06-30", "on_track", "holding"),
    ("maintain: broken now", KEPT, seen("2024-12-31 100", "2025-06-30 95"), "2025-06-30", "off_track", "broken"),
    ("maintain: broken once, restored", KEPT, seen("2024-12-31 95", "2025-06-30 100"), "2025-06-30", "at_risk", "restored"),
    ("maintain: a partial figure replaced since was no assessment", KEPT, Evidence((at("2024-09-30", 95, completeness=Decimal("0.75")), at("2024-12-31", 100))), "2025-06-30", "on_track", "holding"),
    ("maintain: a partial figure counts while it is the newest", KEPT, Evidence((at("2024-12-31", 100), at("2025-06-30", 95, completeness=Decimal("0.5")))), "2025-06-30", "off_track", "broken"),
    ("maintain: stale", KEPT, seen("2024-03-31 100"), "2025-06-30", "at_risk", "stale"),
    ("maintain: kept to the end", KEPT, seen("2024-12-31 100", "2025-12-31 100", "2026-12-31 100"), "2027-02-01", "attained", "kept"),
    ("maintain: restored is not kept", KEPT, seen("2024-12-31 95", "2025-12-31 100", "2026-12-31 100"), "2027-02-01", "off_track", "not_kept"),
    ("maintain: a break after the deadline does not count", KEPT, seen("2026-12-31 100", "2027-12-31 95"), "2028-02-01", "attained", "kept"),
    ("maintain: end without a figure", KEPT, seen("2025-12-31 100"), "2027-02-01", "no_data", "awaiting"),
    ("maintain: end without a figure, once broken", KEPT, seen("2024-12-31 95", "2025-12-31 100"), "2027-02-01", "off_track", "not_kept"),
    ("maintain: end with a partial figure", KEPT, Evidence((at("2026-06-30", 100, completeness=Decimal("0.5")),)), "2027-02-01", "at_risk", "partial"),
    ("maintain low: held", target("maintain", 0, side=Side.LOWER), seen("2025-06-30 0"), "2025-06-30", "on_track", "holding"),
    ("maintain low: broken", target("maintain", 0, side=Side.LOWER), seen("2025-06-30 1"), "2025-06-30", "off_track", "broken"),
    ("maintain: a share of nothing was no assessment", KEPT, seen("2024-12-31 0/0", "2025-06-30 9/9"), "2025-06-30", "on_track", "holding"),
    ("maintain: shares of a whole", KEPT, seen("2025-06-30 9/9"), "2025-06-30", "on_track", "holding"),
    # Counts.
    ("count ahead", CELLS_60, seen("2025-09-30 37"), "2025-09-30", "on_track", "with_plan"),
    ("count slightly behind", CELLS_60, seen("2025-09-30 30"), "2025-09-30", "at_risk", "slightly_behind"),
    ("count far behind", CELLS_60, seen("2025-09-30 20"), "2025-09-30", "off_track", "behind"),
    ("silence does not stop the line of a count", CELLS_60, seen("2025-03-31 27"), "2025-12-31", "off_track", "behind"),
    ("count stale", CELLS_60, seen("2024-03-31 59"), "2025-09-30", "at_risk", "stale"),
    ("count reached early", CELLS_60, seen("2025-09-30 60"), "2025-09-30", "attained", "reached"),
    ("count reached on the last day", CELLS_60, seen("2026-12-31 60"), "2027-03-01", "attained", "reached"),
    ("count reached late", CELLS_60, seen("2026-12-31 59", "2027-02-01 60"), "2027-03-01", "attained", "reached_late"),
    ("count corrected below its goal", CELLS_60, seen("2025-06-30 60", "2025-09-30 58"), "2025-09-30", "on_track", "with_plan"),
    ("count one short on the last day", CELLS_60, seen("2026-12-31 59"), "2026-12-31", "at_risk", "slightly_behind"),
    ("count one short after the last day", CELLS_60, seen("2026-12-31 59"), "2027-01-01", "off_track", "missed"),
    ("count not told to the end", CELLS_60, seen("2026-06-30 59"), "2027-01-01", "off_track", "short"),
    ("a whole thing cannot be two thirds done", target("cumulative_count", 2, grain=Decimal(1)), seen("2024-12-31 0"), "2024-12-31", "on_track", "with_plan"),
    ("but a whole thing short is short", target("cumulative_count", 2, grain=Decimal(1)), seen("2025-09-30 0"), "2025-09-30", "off_track", "behind"),
    ("one whole thing short exactly", target("cumulative_count", 4, deadline="2024-01-05", grain=Decimal(1)), seen("2024-01-03 1"), "2024-01-03", "off_track", "behind"),
    ("grain does not soften the last day", target("cumulative_count", 2, grain=Decimal(1)), seen("2026-12-31 1.5"), "2026-12-31", "off_track", "behind"),
    ("baseline over the goal", replace(CELLS_60, baseline=Decimal(61)), seen("2024-06-30 61"), "2024-06-30", "attained", "reached"),
    # Quotas.
    ("quota on pace", QUOTA, seen("2024-12-31 81000", "2025-09-30 61000"), "2025-09-30", "on_track", "with_plan"),
    ("quota slightly behind its pace", QUOTA, seen("2024-12-31 81000", "2025-09-30 55000"), "2025-09-30", "at_risk", "slightly_behind"),
    ("quota far behind its pace", QUOTA, seen("2024-12-31 81000", "2025-09-30 20000"), "2025-09-30", "off_track", "behind"),
    ("quota of this year done early", QUOTA, seen("2024-12-31 81000", "2025-09-30 80000"), "2025-09-30", "on_track", "year_met"),
    ("quota: no word of this year yet", QUOTA, seen("2024-12-31 81000"), "2025-09-30", "on_track", "year_met"),
    ("quota: no word of this year for too long", replace(QUOTA, freshness=180), seen("2024-12-31 81000"), "2025-09-30", "at_risk", "stale"),
    ("quota: a year missed is not made up", QUOTA, seen("2024-12-31 79999", "2025-09-30 90000"), "2025-09-30", "off_track", "year_missed"),
    ("quota: a past year without a figure", QUOTA, seen("2025-09-30 70000"), "2025-09-30", "at_risk", "year_missing"),
    ("quota: a past year without a figure at the end", QUOTA, seen("2024-12-31 80000", "2026-12-31 80000"), "2027-01-15", "no_data", "year_missing"),
    ("quota: a year missed weighs more than one missing", QUOTA, seen("2024-12-31 10", "2026-12-31 80000"), "2027-01-15", "off_track", "year_missed"),
    ("quota: last year told only in part, near", QUOTA, Evidence((at("2024-11-30", 70000, completeness=Decimal("0.9")),)), "2025-02-01", "at_risk", "slightly_behind"),
    ("quota: last year told only in part, far", QUOTA, Evidence((at("2024-11-30", 20000, completeness=Decimal("0.9")),)), "2025-02-01", "off_track", "behind"),
    ("quota: every year met before the deadline", QUOTA, seen("2024-12-31 80000", "2025-12-31 80000", "2026-10-01 80000"), "2026-10-15", "attained", "all_years_met"),
    ("quota: the last day of a year still belongs to it", QUOTA, seen("2024-12-31 79999"), "2024-12-31", "at_risk", "slightly_behind"),
    ("quota: the day after does not", QUOTA, seen("2024-12-31 79999"), "2025-01-01", "off_track", "year_missed"),
    ("quota: plan of part of a year", replace(QUOTA, start=day("2024-07-01")), seen("2024-09-30 41000"), "2024-09-30", "on_track", "with_plan"),
    # Coverage.
    ("coverage of nothing is not 100 %", ALL, seen("2026-12-31 0/0"), "2026-12-31", "no_data", "zero_denominator"),
    ("coverage of nothing before", ALL, seen("2025-06-30 0/0", "2025-09-30 9/10"), "2025-09-30", "at_risk", "no_line"),
    ("coverage one short of a great many", ALL, seen("2026-12-31 99999999/100000000"), "2026-12-31", "off_track", "missed"),
    ("coverage without its whole", ALL, seen("2026-12-31 100"), "2026-12-31", "attained", "met"),
    ("a share of nothing is no share for a bound either", SECTIONS, seen("2026-12-31 0/0"), "2026-12-31", "no_data", "zero_denominator"),
    # Milestones.
    ("milestone done in time", BAY, Evidence(done=day("2025-11-30")), "2026-02-01", "attained", "done"),
    ("milestone done on the last day", BAY, Evidence(done=day("2025-12-31")), "2026-02-01", "attained", "done"),
    ("milestone done late", BAY, Evidence(done=day("2026-01-10")), "2026-02-01", "attained", "done_late"),
    ("a day of completion to come is not seen", BAY, Evidence(done=day("2025-11-30")), "2025-06-30", "no_data", "no_evidence"),
    ("milestone under way, far from due", BAY, Evidence((at("2025-03-31", None, stage="施工"),)), "2025-06-30", "not_yet_due", "in_hand"),
    ("milestone under way, nearly due", BAY, Evidence((at("2025-09-30", None),)), "2025-10-02", "at_risk", "due_soon"),
    ("milestone on its last day", BAY, Evidence((at("2025-12-31", None),)), "2025-12-31", "at_risk", "due_soon"),
    ("milestone under way, past due", BAY, Evidence((at("2025-09-30", None),)), "2026-01-01", "off_track", "overdue"),
    ("milestone by percentage, level", BAY, seen("2025-06-30 75"), "2025-06-30", "on_track", "with_plan"),
    ("milestone by percentage, slightly behind", BAY, seen("2025-06-30 70"), "2025-06-30", "at_risk", "slightly_behind"),
    ("milestone by percentage, far behind", BAY, seen("2025-06-30 0"), "2025-06-30", "off_track", "behind"),
    ("milestone at 99 % past due", BAY, seen("2025-12-31 99"), "2026-01-01", "off_track", "overdue"),
    ("milestone at 100 % without a day", BAY, seen("2025-12-01 100"), "2025-12-15", "on_track", "unconfirmed"),
    ("milestone at 100 % without a day past due", BAY, seen("2025-12-01 100"), "2026-01-15", "at_risk", "unconfirmed"),
    ("milestone never reported, past due", BAY, Evidence(), "2026-01-15", "no_data", "no_evidence"),
    ("milestone stale", BAY, seen("2024-01-31 90"), "2025-06-30", "at_risk", "stale"),
    # Direction.
    ("direction: down", CARBON, seen("2024-12-31 1.19"), "2025-06-30", "on_track", "moving"),
    ("direction: equal is not down", CARBON, seen("2024-12-31 1.2"), "2025-06-30", "off_track", "not_moving"),
    ("direction: up again but below the baseline", CARBON, seen("2024-12-31 1.1", "2025-12-31 1.15"), "2026-06-30", "on_track", "moving"),
    ("direction: an earlier period was no better", CARBON, seen("2024-12-31 1.25", "2025-12-31 1.15"), "2026-06-30", "at_risk", "moved_back"),
    ("direction: at the end", CARBON, seen("2024-12-31 1.25", "2026-12-31 1.15"), "2027-06-30", "attained", "moved"),
    ("direction: at the end, not", CARBON, seen("2024-12-31 1.1", "2026-12-31 1.2"), "2027-06-30", "off_track", "not_moved"),
    ("direction: end without a figure", CARBON, seen("2025-12-31 1.15"), "2027-06-30", "no_data", "awaiting"),
    ("direction: end without a figure, worse before", CARBON, seen("2025-12-31 1.25"), "2027-06-30", "off_track", "short"),
    ("direction: the baseline's own day is no period", CARBON, seen("2023-12-31 1.0"), "2024-06-30", "no_data", "single_point"),
    ("direction: a baseline within the plan", replace(CARBON, baseline_on=day("2024-12-31")), seen("2024-12-31 1.2", "2025-12-31 1.1"), "2026-06-30", "on_track", "moving"),
    ("direction: one period, no baseline", replace(CARBON, baseline=None), seen("2024-12-31 1.1"), "2025-06-30", "no_data", "single_point"),
    ("direction: one period before the start, no baseline", replace(CARBON, baseline=None), seen("2023-12-31 1.1"), "2025-06-30", "no_data", "single_point"),
    ("direction: nothing at all", replace(CARBON, baseline=None), Evidence(), "2025-06-30", "no_data", "no_evidence"),
    ("direction: the first of two periods is the baseline", replace(CARBON, baseline=None), seen("2024-12-31 1.1", "2025-12-31 1.0"), "2026-06-30", "on_track", "moving"),
    ("direction: the last before the start is the baseline", replace(CARBON, baseline=None), seen("2022-12-31 1.5", "2023-12-31 1.1", "2024-12-31 1.2"), "2025-06-30", "off_track", "not_moving"),
    ("direction: up", target("direction_only", side=Side.HIGHER, baseline=18), seen("2024-12-31 18.1"), "2025-06-30", "on_track", "moving"),
    ("direction: shares", target("direction_only", side=Side.HIGHER), seen("2023-12-31 1/3", "2024-12-31 34/100"), "2025-06-30", "on_track", "moving"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("promise", "evidence", "today", "status", "reason"), [s[1:] for s in SCENARIOS], ids=[s[0] for s in SCENARIOS]
)
def test_scenario(promise, evidence, today, status, reason):
    answer = judge(promise, evidence, day(today))
    assert (answer.status, answer.reason) == (status, reason)


OUTLOOKS = [
    ("a good outlook lifts slight lateness", SECTIONS, seen("2025-09-30 82.3"), "0.9", "on_track", "outlook_likely"),
    ("a good outlook lifts great lateness by one step", SECTIONS, seen("2025-09-30 79"), "0.9", "at_risk", "outlook_likely"),
    ("a good outlook stands in for a line", PM25_NO_LINE, seen("2025-09-30 31"), "0.8", "on_track", "outlook_likely"),
    ("a good outlook changes nothing good", SECTIONS, seen("2025-09-30 86"), "0.9", "on_track", "met_early"),
    ("a good outlook does not freshen evidence", PM25_NO_LINE, seen("2024-03-31 31"), "0.9", "at_risk", "stale"),
    ("a good outlook does not mend a break", KEPT, seen("2025-09-30 99"), "0.99", "off_track", "broken"),
    ("a good outlook does not supply a missing year", QUOTA, seen("2025-09-30 55000"), "0.9", "at_risk", "year_missing"),
    ("a good outlook lifts a quota's pace", QUOTA, seen("2024-12-31 80000", "2025-09-30 55000"), "0.9", "on_track", "outlook_likely"),
    ("a good outlook for a milestone in hand", BAY, Evidence((at("2025-09-30", None),)), "0.9", "on_track", "outlook_likely"),
    ("an open outlook is a risk", SECTIONS, seen("2025-09-30 86"), "0.79", "at_risk", "outlook_open"),
    ("an open outlook does not soften lateness", SECTIONS, seen("2025-09-30 79"), "0.5", "off_track", "behind"),
    ("an open outlook leaves a risk its reason", SECTIONS, seen("2025-09-30 82.3"), "0.5", "at_risk", "slightly_behind"),
    ("a poor outlook is lateness", SECTIONS, seen("2025-09-30 86"), "0.19", "off_track", "outlook_unlikely"),
    ("an outlook just not poor", SECTIONS, seen("2025-09-30 86"), "0.2", "at_risk", "outlook_open"),
    ("a poor outlook for a quota without word of its year", QUOTA, seen("2024-12-31 80000"), "0.1", "off_track", "outlook_unlikely"),
    ("an outlook is no evidence", SECTIONS, Evidence(), "0.9", "no_data", "no_evidence"),
    ("an outlook does not undo what is reached", CELLS_60, seen("2025-09-30 60"), "0", "attained", "reached"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("promise", "evidence", "chance", "status", "reason"), [s[1:] for s in OUTLOOKS], ids=[s[0] for s in OUTLOOKS]
)
def test_outlook(promise, evidence, chance, status, reason):
    answer = judge(promise, evidence, day("2025-09-30"), outlook(chance))
    assert (answer.status, answer.reason) == (status, reason)


def test_a_decided_target_has_no_outlook_left():
    answer = judge(SECTIONS, seen("2026-12-31 86"), day("2027-01-15"), outlook("0.1"))
    assert (answer.status, answer.outlook, answer.decided) == (Status.ATTAINED, None, True)


@pytest.mark.parametrize("mark", ["provisional", "simulated"])
def test_provisional_and_simulated_evidence_decides_nothing(mark):
    points = (Point(day("2026-12-31"), Decimal(86), **{mark: True}),)
    for evidence in (Evidence(points), Evidence((at("2026-12-31", 86),), **{mark: True})):
        answer = judge(SECTIONS, evidence, day("2027-01-15"))
        assert (answer.status, answer.decided, getattr(answer, mark)) == (Status.ATTAINED, False, True)


DECIDED = [
    (SECTIONS, seen("2025-09-30 86"), "2025-09-30", False),
    (SECTIONS, seen("2026-12-31 84"), "2027-01-15", True),
    (SECTIONS, seen("2025-12-31 84"), "2027-01-15", False),
    (KEPT, seen("2024-12-31 100", "2026-12-31 100"), "2027-01-15", True),
    (KEPT, seen("2024-12-31 95", "2025-12-31 100"), "2027-01-15", True),
    (KEPT, Evidence((at("2025-09-30", 95, completeness=Decimal("0.7")),)), "2027-01-15", False),
    (CELLS_60, seen("2025-09-30 60"), "2025-09-30", True),
    (CELLS_60, seen("2026-12-31 59"), "2027-01-15", True),
    (CELLS_60, seen("2026-12-30 59"), "2027-01-15", False),
    (QUOTA, seen("2024-12-31 80000", "2025-12-31 80000", "2026-12-31 80000"), "2026-12-31", True),
    (QUOTA, seen("2024-12-31 79999"), "2025-02-01", True),
    (QUOTA, seen("2024-12-31 80000"), "2025-02-01", False),
    (BAY, Evidence(done=day("2025-11-30")), "2025-12-01", True),
    (BAY, Evidence((at("2025-12-31", None),)), "2026-01-15", True),
    (BAY, Evidence((at("2025-12-30", None),)), "2026-01-15", False),
    (CARBON, seen("2026-12-31 1.1"), "2027-01-15", True),
]  # fmt: skip


@pytest.mark.parametrize(("promise", "evidence", "today", "decided"), DECIDED)
def test_decided_rests_on_evidence_for_the_deadline_or_on_what_cannot_be_undone(promise, evidence, today, decided):
    assert judge(promise, evidence, day(today)).decided is decided


ON_ONE_FIGURE = [s for s in SCENARIOS if s[1].kind not in (Kind.MAINTAIN, Kind.YEARLY_QUOTA)]


@pytest.mark.parametrize(
    ("promise", "evidence", "today"), [s[1:4] for s in ON_ONE_FIGURE], ids=[s[0] for s in ON_ONE_FIGURE]
)
def test_a_judgement_is_marked_only_by_the_figure_it_rests_on(promise, evidence, today):
    rests_on = judge(promise, evidence, day(today)).actual_on
    if rests_on and rests_on > promise.start:
        figure = next(point for point in evidence.points if point.until == rests_on)
        before = replace(figure, until=promise.start, simulated=True)
        others = tuple(replace(point, simulated=point.until != rests_on) for point in evidence.points)
        assert not judge(promise, replace(evidence, points=(before, *others)), day(today)).simulated


@pytest.mark.parametrize(("promise", "last"), [(QUOTA, "81000"), (KEPT, "95")])
def test_a_figure_replaced_within_the_year_leaves_no_mark(promise, last):
    evidence = Evidence((at("2024-06-30", 100, simulated=True), at("2024-12-31", last)))
    assert not judge(promise, evidence, day("2025-01-15")).simulated


def test_a_mark_anywhere_in_what_a_maintained_state_rests_on_is_shown():
    evidence = Evidence((at("2024-12-31", 100, simulated=True), at("2026-12-31", 100)))
    assert judge(KEPT, evidence, day("2027-01-15")).simulated


def test_figures_of_a_judgement():
    answer = judge(CELLS_60, seen("2025-09-30 37"), day("2025-10-30"))
    assert (answer.actual, answer.goal, answer.gap) == (37, 60, 23)
    assert (answer.actual_on, answer.newest, answer.planned_on) == (
        day("2025-09-30"),
        day("2025-09-30"),
        day("2025-10-30"),
    )
    assert answer.planned == Decimal("36.602740")
    assert answer.days_left == 427


def test_gap_follows_the_target_s_own_direction():
    assert judge(PM25, seen("2025-09-30 30.5"), day("2025-09-30")).gap == Decimal("2.5")
    assert judge(PM25, seen("2025-09-30 27"), day("2025-09-30")).gap == -1
    assert judge(CARBON, seen("2024-12-31 1.15"), day("2025-06-30")).gap == Decimal("-0.05")


def test_a_share_is_cut_not_rounded():
    answer = judge(ALL, seen("2026-12-31 99999/100000"), day("2026-12-31"))
    assert (answer.actual, answer.part, answer.whole) == (Decimal("99.99"), 99999, 100000)


SENTENCES = [
    (CELLS_60, seen("2025-09-30 37"), "2025-09-30", "截至 2025-09-30 完成 37 个，应达 35 个，目标 60 个"),
    (CELLS_60, seen("2025-08-31 30"), "2025-09-30", "截至 2025-08-31 完成 30 个，至 2025-09-30 应达 35 个，落后 5 个，目标 60 个，距期限 2026-12-31 还有 457 天"),
    (CELLS_60, seen("2026-12-31 59", "2027-02-01 62"), "2027-03-01", "截至 2027-02-01 完成 62 个，目标 60 个，达到于 2027-02-01，较期限 2026-12-31 晚 32 天"),
    (PM25, seen("2026-12-31 28.50"), "2027-01-15", "截至 2026-12-31 为 28.5 μg/m³，目标不高于 28 μg/m³，超出 0.5 μg/m³，已过期限 2026-12-31 15 天，力争目标，不作约束"),
    (ABOVE_90, seen("2026-12-31 90"), "2026-12-31", "截至 2026-12-31 为 90%，目标超过 90%，恰在界限上，不算达到，今日为期限 2026-12-31"),
    (QUOTA, seen("2024-12-31 79000", "2025-06-30 50000"), "2025-06-30", "2024 年度截至 2024-12-31 完成 79,000 亩次，目标每年 80,000 亩次，尚差 1000 亩次，该年度未达到，最新数据截至 2025-06-30"),
    (KEPT, seen("2024-12-31 8/9"), "2025-06-30", "截至 2024-12-31 为 88.88%（8/9），目标保持 100%，尚差 11.12 个百分点，距期限 2026-12-31 还有 549 天"),
    (BAY, Evidence(done=day("2026-01-10")), "2026-02-01", "已于 2026-01-10 完成，较期限 2025-12-31 晚 10 天"),
    (BAY, Evidence((at("2025-03-31", None, stage="施工"),)), "2025-06-30", "截至 2025-03-31 报告进行中（施工），距期限 2025-12-31 还有 184 天"),
    (CARBON, seen("2024-12-31 1.20"), "2025-06-30", "截至 2024-12-31 为 1.2，基准 1.2，目标较基准下降，未见改善，距期限 2026-12-31 还有 549 天"),
    (SECTIONS, seen("2024-06-30 86"), "2025-09-30", "截至 2024-06-30 为 86%，应达 80%，目标不低于 85%，数据已过时，距期限 2026-12-31 还有 457 天"),
    (SECTIONS, seen("2024-06-30 70"), "2025-09-30", "截至 2024-06-30 为 70%，应达 80%，落后 10 个百分点，目标不低于 85%，距期限 2026-12-31 还有 457 天，最新数据截至 2024-06-30，已过时"),
    (replace(CARBON, baseline=None), seen("2024-12-31 1.1"), "2025-06-30", "截至 2024-12-31 为 1.1，只有一期数据，无从比较，目标较基准下降，距期限 2026-12-31 还有 549 天"),
    (SECTIONS, Evidence(), "2025-09-30", "截至 2025-09-30 暂无数据，目标不低于 85%，距期限 2026-12-31 还有 457 天"),
    (PM25, Evidence((at("2026-09-30", 27, completeness=Decimal("0.75"), provisional=True, simulated=True),)), "2027-01-01", "截至 2026-09-30 为 27 μg/m³，目标不高于 28 μg/m³，期限年度数据尚不足以认定，已过期限 2026-12-31 1 天，数据完整度 75%，含暂定数据，含模拟数据，力争目标，不作约束"),
]  # fmt: skip


@pytest.mark.parametrize(("promise", "evidence", "today", "words"), SENTENCES, ids=[s[3] for s in SENTENCES])
def test_sentence(promise, evidence, today, words):
    assert sentence(judge(promise, evidence, day(today))) == words


def test_sentence_in_english_with_a_unit_of_its_own():
    answer = judge(CELLS_60, seen("2025-08-31 30"), day("2025-09-30"))
    assert sentence(answer, "en", unit="cells") == (
        "as of 2025-08-31 done 30 cells, by 2025-09-30 planned 35 cells, behind by 5 cells, target 60 cells, "
        "457 days left to 2026-12-31"
    )


def test_sentence_tells_the_outlook():
    ahead = Outlook(Decimal("0.625"), Decimal("26.8"), Decimal("28.1"), Decimal("29.90"))
    answer = judge(PM25_NO_LINE, seen("2025-09-30 27"), day("2025-09-30"), ahead)
    assert "预测达到的可能性 62.5%（80% 区间 26.8 μg/m³ 至 29.9 μg/m³）" in sentence(answer)
    assert "forecast chance of meeting it 62.5% (80% interval 26.8 μg/m³ to 29.9 μg/m³)" in sentence(answer, "en")
    assert sentence(replace(answer, outlook=outlook("0.9996"))).endswith("预测达到的可能性 99.9%，力争目标，不作约束")


def test_planned_is_never_shown_as_the_actual_it_differs_from():
    words = sentence(judge(CELLS_60, seen("2025-09-30 34.9"), day("2025-09-30")))
    assert "完成 34.9 个，应达 35 个，落后 0.1 个" in words
    assert "完成 35 个，应达 34.96 个" in sentence(judge(CELLS_60, seen("2025-09-30 35"), day("2025-09-30")))
    assert "应达 34.96 个，落后 0.01 个" in sentence(judge(CELLS_60, seen("2025-09-30 34.95"), day("2025-09-30")))


def test_sentence_refuses_a_language_it_does_not_know():
    with pytest.raises(ValueError, match="fr"):
        sentence(judge(CELLS_60, Evidence(), day("2025-09-30")), "fr")


def test_every_reason_has_both_languages():
    assert set(SAYS) == set(Reason)
    assert all(len(pair) == 2 and all(pair) for pair in SAYS.values())


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0"), ("-0.00", "0"), ("60.0", "60"), ("9.750", "9.75"), ("1000", "1000"), ("80000", "80,000"), ("1E+6", "1,000,000"), ("-12345.60", "-12,345.6"), ("1E-7", "0.0000001")],
)  # fmt: skip
def test_numbers_are_written_for_people(value, text):
    assert number(Decimal(value)) == text


# What no evidence may do.


@given(targets(), evidences(), st.dates(date(2022, 1, 1), date(2030, 12, 31)), outlooks)
def test_every_target_gets_an_answer_and_a_clean_sentence(promise, evidence, today, ahead):
    answer = judge(promise, evidence, today, ahead)
    assert isinstance(answer, Judgement)
    assert answer.newest is None or answer.newest <= today
    assert answer.actual_on is None or answer.actual_on <= today
    assert not (answer.decided and (answer.provisional or answer.simulated))
    for words in (sentence(answer), sentence(answer, "en")):
        assert not any(bad in words for bad in ("None", "Decimal(", "Fraction(", "E+", "E-", "，，", ", ,", "{", "}"))
        assert words and not words.endswith(("，", ", "))
        assert answer.newest is None or str(answer.newest) in words


def improved(promise, point, by):
    if point.value is None:
        return point
    if point.of is not None:
        wanted = point.value + int(by) * (-1 if promise.side is Side.LOWER else 1)
        return replace(point, value=max(Decimal(0), min(point.of, wanted)))
    return replace(point, value=point.value + (-by if promise.side is Side.LOWER else by))


@given(targets(), evidences(), st.dates(date(2022, 1, 1), date(2030, 12, 31)), outlooks, st.data())
def test_improving_a_value_never_worsens_a_status(promise, evidence, today, ahead, data):
    assume(evidence.points)
    assume(promise.kind is not Kind.DIRECTION_ONLY or promise.baseline is not None)  # else a point is the baseline
    which = data.draw(st.integers(0, len(evidence.points) - 1))
    by = data.draw(st.decimals(0, 500, places=2))
    points = list(evidence.points)
    points[which] = improved(promise, points[which], by)
    before = judge(promise, evidence, today, ahead).status
    after = judge(promise, replace(evidence, points=tuple(points)), today, ahead).status
    assert severity(after) <= severity(before)


def near(draw_from, around):
    """Values around the goal, where statuses turn."""
    return draw_from.draw(
        st.sampled_from([around - 1, around, around + 1]) | st.decimals(around - 9, around + 9, places=1)
    )


@given(st.sampled_from(list(Kind)), st.sampled_from(list(MOMENTS)), st.data())
def test_improving_a_value_near_the_goal_never_worsens_a_status(kind, moment, data):
    promise = TARGETS[kind]
    goal = promise.value if promise.value is not None else promise.baseline
    values = sorted([near(data, goal), near(data, goal)], reverse=promise.side is Side.LOWER)
    last = min(MOMENTS[moment], promise.deadline)
    worse, better = (judge(promise, Evidence((Point(last, value),)), MOMENTS[moment]).status for value in values)
    assert severity(better) <= severity(worse)


def test_a_done_milestone_is_no_worse_than_one_under_way():
    under_way = Evidence((at("2025-06-30", 100),))
    for today in ("2025-07-01", "2026-02-01"):
        assert judge(BAY, replace(under_way, done=day("2025-06-30")), day(today)).status is Status.ATTAINED


@given(
    targets(kinds=(Kind.LOWER_BOUND, Kind.UPPER_BOUND, Kind.STRICT_BOUND, Kind.CUMULATIVE_COUNT, Kind.YEARLY_QUOTA)),
    st.dates(date(2023, 1, 1), date(2028, 1, 1)),
    st.integers(0, 900),
    st.data(),
)
def test_time_alone_never_mends_lateness(promise, today, wait, data):
    assume(today >= promise.start)
    evidence = data.draw(evidences(latest=today))
    before = judge(promise, evidence, today).status
    after = judge(promise, evidence, today + timedelta(days=wait)).status
    if before in (Status.AT_RISK, Status.OFF_TRACK):
        assert severity(after) >= severity(before)


@given(targets(kinds=(Kind.CUMULATIVE_COUNT,)), evidences(latest=date(2026, 1, 1)), st.integers(0, 900))
def test_time_alone_never_adds_to_a_count(promise, evidence, wait):
    today = max(date(2026, 1, 1), promise.start)
    before, after = (judge(promise, evidence, day).status for day in (today, today + timedelta(days=wait)))
    assert severity(after) >= severity(before)


@given(targets(kinds=(Kind.STRICT_BOUND,)), st.dates(date(2024, 1, 1), date(2029, 1, 1)))
def test_strict_and_not_strict_differ_exactly_at_equality(promise, today):
    same = Target(
        Kind.LOWER_BOUND if promise.side is Side.HIGHER else Kind.UPPER_BOUND,
        promise.start,
        promise.deadline,
        promise.value,
    )
    today = max(today, promise.deadline)
    for step, differ in ((-1, False), (0, True), (1, False)):
        evidence = Evidence((Point(promise.deadline, promise.value + step),))
        strict, plain = (judge(one, evidence, today).status for one in (promise, same))
        assert (strict is not plain) is differ


# What is refused before it can be judged.


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: target("lower_bound", 85, start="2026-01-01", deadline="2025-12-31"), "2025-12-31 早于开始日期 2026-01-01"),
        (lambda: target("lower_bound"), "缺少数值"),
        (lambda: target("strict_bound", 90), "以高为好还是以低为好"),
        (lambda: target("upper_bound", 28, side=Side.HIGHER), "方向应为 lower，现为 higher"),
        (lambda: target("full_coverage", 95), "数值应为 100，现为 95"),
        (lambda: target("direction_only", 5, side=Side.LOWER), "不带数值，现为 5"),
        (lambda: target("maintain", 100, curve=Curve.LINEAR), "计划曲线应为 level，现为 linear"),
        (lambda: target("lower_bound", 85, curve=Curve.YEARLY), "不能用 yearly"),
        (lambda: target("lower_bound", 85, curve=Curve.STEPS), "0 个分步数值"),
        (lambda: target("lower_bound", 85, tolerance=Decimal(1)), "小于 1，现为 1"),
        (lambda: target("lower_bound", 85, enough=Decimal(2)), "0 到 1 之间，现为 2"),
        (lambda: target("lower_bound", 85, grain=Decimal(-1)), "不得为负"),
        (lambda: target("lower_bound", "NaN"), "有限数"),
        (lambda: target("lower_bound", 85, steps=((day("2027-01-01"), Decimal(80)),)), "2027-01-01"),
        (lambda: target("lower_bound", 85, steps=((day("2023-01-01"), Decimal(80)),)), "2023-01-01"),
        (lambda: target("lower_bound", 85, steps=((day("2025-01-01"), Decimal(90)),)), "由 90 到 85"),
        (lambda: target("upper_bound", 28, baseline=30, steps=((day("2025-01-01"), Decimal(31)),)), "由 30 到 31"),
        (lambda: Point(day("2025-01-01"), Decimal(1), since=day("2025-02-01")), "2025-02-01 晚于期间结束 2025-01-01"),
        (lambda: at("2025-01-01", 1, completeness=Decimal("1.1")), "1.1"),
        (lambda: outlook("1.1"), "1.1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_figures(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Point(day("2025-01-01"), 0.5),
        lambda: Point("2025-01-01", 1),
        lambda: target("lower_bound", 85, steps=((day("2025-01-01"), 80),)),
    ],
)
def test_floats_and_texts_are_refused(make):
    with pytest.raises(TypeError):
        make()


def test_whole_numbers_become_decimals():
    assert Point(day("2025-01-01"), 37) == Point(day("2025-01-01"), Decimal(37))
    assert type(Point(day("2025-01-01"), 37).value) is Decimal


# The page made from the rules.


def test_the_page_agrees_with_the_table_above():
    here = {cell[:3]: cell[3] for cell in CELLS}
    there = {(k, m, c): rulebook.cell(k, m, c) or "-" for k in Kind for m in rulebook.MOMENTS for c in rulebook.CASES}
    assert here == there


def test_the_page_is_the_one_the_rules_make():
    page = Path(__file__).resolve().parents[2] / "docs" / "status-rules.md"
    assert page.read_text(encoding="utf-8") == rulebook.page()


def test_the_page_names_every_status_of_every_kind():
    assert set(rulebook.RULES_IN_WORDS) == set(Kind)
    assert all(len(texts) == len(Status) for texts in rulebook.RULES_IN_WORDS.values())


def test_every_status_of_every_kind_can_come_about():
    reached = {(s[1].kind, s[4]) for s in SCENARIOS} | {(k, status) for k, _, _, status in CELLS}
    reached |= {(kind, Status.NOT_YET_DUE) for kind in Kind} | {(s[1].kind, s[4]) for s in OUTLOOKS}
    assert {(kind, status) for kind in Kind for status in STATUS_WORDS} <= reached


def test_the_winter_months_of_a_year_in_progress_prove_no_lateness_where_a_forecast_speaks():
    winter = Evidence((at("2025-03-31", 38, completeness=Decimal("0.25")),))
    day = date(2025, 4, 20)
    assert judge(PM25, winter, day).status == "off_track"
    assert judge(PM25, winter, day, Outlook(Decimal("0.5"))).status == "at_risk"
    assert judge(PM25, winter, day, Outlook(Decimal("0.1"))).status == "off_track"
    assert judge(PM25, winter, day, Outlook(Decimal("0.9"))).status == "on_track"
    whole = Evidence((at("2025-12-31", 38),))
    assert judge(PM25, whole, date(2026, 1, 20), Outlook(Decimal("0.5"))).status == "off_track"
