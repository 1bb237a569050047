"""The page docs/status-rules.md, made from the rules themselves: `page()` runs them on sample targets and prints the
answers, so the tables cannot drift from the code."""

from datetime import date
from decimal import Decimal

from qingshan.evaluation.status import LIKELY, UNLIKELY, judge
from qingshan.evaluation.terms import STATUS_WORDS, Evidence, Point, Side, Status, Target
from qingshan.plan.kinds import KIND_NAMES, Kind

START, DEADLINE = date(2024, 1, 1), date(2026, 12, 31)
MOMENTS = {
    "before": ("期限前", "before", date(2025, 9, 30)),
    "at": ("期限日", "at", DEADLINE),
    "after": ("期限后", "after", date(2027, 3, 31)),
}
CASES = {
    "better": ("优于目标", "better"),
    "equal": ("等于目标", "equal"),
    "worse": ("劣于目标", "worse"),
    "missing": ("无数据", "missing"),
}
SAMPLES = {
    Kind.UPPER_BOUND: (Target(Kind.UPPER_BOUND, START, DEADLINE, Decimal(28), baseline=Decimal(34)), 27, 28, 35),
    Kind.LOWER_BOUND: (Target(Kind.LOWER_BOUND, START, DEADLINE, Decimal(85), baseline=Decimal(79)), 86, 85, 78),
    Kind.STRICT_BOUND: (
        Target(Kind.STRICT_BOUND, START, DEADLINE, Decimal(90), Side.HIGHER, baseline=Decimal(80)),
        91,
        90,
        79,
    ),
    Kind.MAINTAIN: (Target(Kind.MAINTAIN, START, DEADLINE, Decimal(95)), 96, 95, 94),
    Kind.CUMULATIVE_COUNT: (Target(Kind.CUMULATIVE_COUNT, START, DEADLINE, Decimal(60)), 61, 60, 20),
    Kind.YEARLY_QUOTA: (Target(Kind.YEARLY_QUOTA, START, DEADLINE, Decimal(80000)), 80001, 80000, 20000),
    Kind.FULL_COVERAGE: (Target(Kind.FULL_COVERAGE, START, DEADLINE, baseline=Decimal(50)), None, 40, 10),
    Kind.DATED_MILESTONE: (Target(Kind.DATED_MILESTONE, START, DEADLINE), None, 100, 30),
    Kind.DIRECTION_ONLY: (
        Target(Kind.DIRECTION_ONLY, START, DEADLINE, side=Side.LOWER, baseline=Decimal(10)),
        9,
        10,
        11,
    ),
}
WHOLE = Decimal(40)

STATE_DECIDED = (
    "期限日或期限后，期限年度的完整数据符合目标",
    "at or after the deadline, a complete figure of its year meets the goal",
)
STATE_MISSED = (
    "期限已到而不符合；或期限前落后计划超过容许范围",
    "not met at the deadline; before it, behind the line beyond the tolerance",
)
STATE_RISK = (
    "落后计划但在容许范围内；无计划线而尚不符合；数据过时；期限后数据不全",
    "behind the line within the tolerance; no line and not met yet; stale data; partial data after the deadline",
)
STATE_RUNNING = (
    "期限前已符合目标，或不落后于计划",
    "before the deadline, meets the goal or is level with the line",
)
STATE_SILENT = (
    "开始后无数据；或期限后仍缺期限年度数据而此前符合",
    "nothing since the start; or deadline passed without a figure of its year, the last one having met the goal",
)
NOT_STARTED = ("尚未开始", "before the start")
STATE = (STATE_DECIDED, STATE_RUNNING, STATE_RISK, STATE_MISSED, NOT_STARTED, STATE_SILENT)

# One text a status, in the order of Status.
RULES_IN_WORDS = {
    Kind.UPPER_BOUND: STATE,
    Kind.LOWER_BOUND: STATE,
    Kind.STRICT_BOUND: (
        ("同上限、下限，但恰等于界限不算达到", "as the other bounds, but the limit itself is not enough"),
        STATE_RUNNING,
        ("同上；期限前恰在界限上", "the same; exactly on the limit before the deadline"),
        STATE_MISSED,
        NOT_STARTED,
        STATE_SILENT,
    ),
    Kind.MAINTAIN: (
        ("至期限每次评定均符合", "held at every assessment up to the deadline"),
        ("至今每次评定均符合（首次即等于目标也要评定）", "held at every assessment so far (a first one equal to the goal counts)"),
        ("曾不符合、现已恢复；数据过时；期限后数据不全", "once broken, now restored; stale data; partial data after the deadline"),
        ("当前不符合；或到期限时曾不符合", "broken now; or, once the deadline has come, ever broken"),
        NOT_STARTED,
        STATE_SILENT,
    ),
    Kind.CUMULATIVE_COUNT: (
        ("累计数一达到即认定，逾期完成注明天数", "as soon as the total is reached; lateness is named in days"),
        ("不少于今日应达数", "not below today's line"),
        ("少于应达数，在容许范围内；数据过时", "below today's line within the tolerance; stale data"),
        ("少于应达数，超过容许范围；期限后未达到", "below today's line beyond the tolerance; not reached after the deadline"),
        NOT_STARTED,
        ("从无数据", "no figure ever"),
    ),
    Kind.YEARLY_QUOTA: (
        ("计划期每一年度均达到", "every year of the plan is met"),
        ("过去各年度均达到，本年度不落后于进度", "all past years met, the year in progress level with its share"),
        ("本年度略落后；过去某年度缺数据", "the year in progress slightly behind; a past year without a figure"),
        ("任一年度未达到；本年度明显落后", "any year missed; the year in progress far behind"),
        NOT_STARTED,
        ("开始后无数据；期限后仍有年度缺数据", "nothing since the start; a year still without a figure after the deadline"),
    ),
    Kind.FULL_COVERAGE: (
        ("期限年度全部覆盖，比例不四舍五入", "all covered in the deadline's year; the share is never rounded up"),
        STATE_RUNNING,
        STATE_RISK,
        STATE_MISSED,
        NOT_STARTED,
        ("无数据；应覆盖总数为 0", "no data; a whole of 0 is not 100 %"),
    ),
    Kind.DATED_MILESTONE: (
        ("有完成日期；逾期完成注明天数", "a day of completion is known; lateness is named in days"),
        ("所报进度不落后；报 100% 待填完成日期", "percentage level with the line; 100 % reported, day of completion to come"),
        ("略落后；无进度数而临近期限；期限后报 100% 未填日期", "slightly behind; no percentage and the deadline is near; 100 % without a day after it"),
        ("明显落后；期限后未完成", "far behind; not done after the deadline"),
        ("尚未开始；或报告进行中而期限尚远", "before the start; or reported under way with the deadline far"),
        ("从无报告", "no report ever"),
    ),
    Kind.DIRECTION_ONLY: (
        ("期限年度数值优于基准，持平不算", "the deadline year's figure is better than the baseline; equal is not"),
        ("开始后各期均优于基准", "every period since the start is better than the baseline"),
        ("现优于基准，但期内曾有反复；数据过时；期限后数据不全", "better now, but an earlier period was not; stale data; partial data after the deadline"),
        ("现持平或劣于基准", "now equal to the baseline or worse"),
        NOT_STARTED,
        ("无数据；只有一期而无基准；期限后缺期限年度数据", "no data; one period and no baseline; no figure of the deadline's year after it"),
    ),
}  # fmt: skip

HEAD = f"""# 状态规则 Status rules

本页由 `qingshan/evaluation/rulebook.py` 运行规则生成，请勿手改。This page is made by running the rules; do not edit it.

- 晚于评估日的数据不看。判定总是写明最新数据的日期。Evidence later than the day judged is not seen; the newest evidence is always dated.
- 状态类目标（上限、下限、严格界限、保持、全覆盖、只定方向）承诺的是期限年度，期限前最多“按序推进”；累计数量、年度定额、限期完成一经达到即认定。States are promised for the deadline's year, so before the deadline they are on track at most; counts, quotas and milestones are attained as soon as reached.
- 计划线：由（开始日，基准）到（期限，目标），默认按日直线。没有基准的界限没有计划线。状态类与数据当日的计划值比，累计类与今日的计划值比。The line runs from (start, baseline) to (deadline, goal), straight by days unless declared otherwise; a bound without a baseline has none. States are held against the line on the day of their figure, counts against today's.
- 容许范围：落后不超过已计划进度的 20%（可另行声明）为“存在风险”，超过为“滞后”。Behind by up to 20 % of the way planned so far (or as declared) is at risk, beyond it off track.
- 数据超过时效（默认 366 天）时，“按序推进”降为“存在风险”。Stale evidence (366 days unless declared) lowers on track to at risk.
- 预测达到的可能性低于 {UNLIKELY * 100:.0f}% 为“滞后”，低于 {LIKELY * 100:.0f}% 不高于“存在风险”；不低于 {LIKELY * 100:.0f}% 时，落后于计划线者上调一级。A forecast chance under {UNLIKELY * 100:.0f} % means off track, under {LIKELY * 100:.0f} % at risk at best; from {LIKELY * 100:.0f} % on it lifts lateness against the line by one step.
- 力争目标到期未达到仍为“滞后”，句中注明不作约束。A target striven for (力争) and missed is still off track, and said to be not binding.
- “已定”指有完整、非暂定、非模拟数据支持的结论。“Decided” rests on complete evidence, neither provisional nor simulated.
"""


def page() -> str:
    return "\n".join([HEAD, "## 规则 Rules\n", *rules(), "## 判定表 Verdicts\n", *grid(), ""])


def rules():
    for kind, texts in RULES_IN_WORDS.items():
        yield f"### {both(KIND_NAMES[kind])}\n\n| 状态 Status | 何时 | When |\n|---|---|---|"
        for status, (zh, en) in zip(Status, texts, strict=True):
            yield f"| {both(STATUS_WORDS[status])} | {zh} | {en} |"
        yield ""


def grid():
    yield "数据点落在评估日（期限后则落在期限日）；年度定额各年数值相同；限期完成的“优于”是已完成，“等于”是报 100% 而无日期；只定方向与基准比。"
    yield "The figure is dated the day judged (after the deadline: the deadline itself); a quota has the same figure every year; a milestone's “better” is done, its “equal” is 100 % without a day; a direction is compared with its baseline.\n"
    yield f"| 类型 Kind | 时点 Moment | {' | '.join(both(words) for words in CASES.values())} |"
    yield "|---|---|" + "---|" * len(CASES)
    for kind in Kind:
        for moment, (zh, en, _) in MOMENTS.items():
            cells = " | ".join(both(STATUS_WORDS[s]) if s else "—" for s in (cell(kind, moment, c) for c in CASES))
            yield f"| {both(KIND_NAMES[kind])} | {zh} {en} | {cells} |"


def both(words):
    return " ".join(words)


def cell(kind: Kind, moment: str, case: str) -> Status | None:
    """The status the rules give a sample; None where the case cannot be (more than a whole cannot be covered)."""
    today = MOMENTS[moment][-1]
    evidence = sample(kind, case, min(today, DEADLINE))
    return evidence and judge(SAMPLES[kind][0], evidence, today).status


def sample(kind, case, day):
    values = dict(zip(("better", "equal", "worse"), SAMPLES[kind][1:], strict=True))
    if case == "missing":
        return Evidence()
    if kind is Kind.DATED_MILESTONE and case == "better":
        return Evidence(done=day)
    if values[case] is None:
        return None
    days = (date(year, 12, 31) for year in range(START.year, day.year)) if kind is Kind.YEARLY_QUOTA else ()
    whole = WHOLE if kind is Kind.FULL_COVERAGE else None
    return Evidence(tuple(Point(until, Decimal(values[case]), of=whole) for until in (*days, day)))
