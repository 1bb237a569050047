"""A judgement as one sentence, Chinese or English, with the figures that decide it."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from qingshan.evaluation.planned import places, to_decimal
from qingshan.evaluation.terms import Judgement, Reason, Side, Status
from qingshan.plan.kinds import Kind

LANGUAGES = ("zh", "en")

# Clauses in braces are whole phrases, empty where their figure is missing.
SAYS = {
    Reason.NOT_STARTED: ("自 {start} 起实施|{goal}|期限 {deadline}", "starts on {start}|{goal}|due {deadline}"),
    Reason.NO_EVIDENCE: ("截至 {today} 暂无数据|{goal}|{left}", "no data as of {today}|{goal}|{left}"),
    Reason.ZERO_DENOMINATOR: (
        "截至 {on} 应覆盖总数为 0|无从计算比例|{goal}|{left}",
        "as of {on} the whole to be covered is 0|no share can be computed|{goal}|{left}",
    ),
    Reason.SINGLE_POINT: (
        "{fact}|只有一期数据，无从比较|{goal}|{left}",
        "{fact}|only one period known, nothing to compare it with|{goal}|{left}",
    ),
    Reason.MET: ("{fact}|{goal}|期限 {deadline} 已达到", "{fact}|{goal}|met at the deadline {deadline}"),
    Reason.MISSED: ("{fact}|{goal}|{short}|{left}", "{fact}|{goal}|{short}|{left}"),
    Reason.MET_EARLY: (
        "{fact}|已符合要求|{goal}|待期限 {deadline} 认定",
        "{fact}|already meets the requirement|{goal}|decided at the deadline {deadline}",
    ),
    Reason.WITH_PLAN: ("{fact}|{due}|{goal}", "{fact}|{due}|{goal}"),
    Reason.SLIGHTLY_BEHIND: ("{fact}|{due}|{behind}|{goal}|{left}", "{fact}|{due}|{behind}|{goal}|{left}"),
    Reason.BEHIND: ("{fact}|{due}|{behind}|{goal}|{left}", "{fact}|{due}|{behind}|{goal}|{left}"),
    Reason.NO_LINE: ("{fact}|{goal}|{short}|{left}", "{fact}|{goal}|{short}|{left}"),
    Reason.ON_LIMIT: ("{fact}|{goal}|恰在界限上，尚不算达到|{left}", "{fact}|{goal}|exactly on the limit, which is not enough|{left}"),
    Reason.AWAITING: (
        "{fact}|{goal}|缺期限年度数据|{left}",
        "{fact}|{goal}|no figure for the deadline's year|{left}",
    ),
    Reason.PARTIAL: (
        "{fact}|{goal}|期限年度数据尚不足以认定|{left}",
        "{fact}|{goal}|the deadline year's data do not yet suffice|{left}",
    ),
    Reason.SHORT: ("{fact}|{goal}|{short}|其后无可认定的数据|{left}", "{fact}|{goal}|{short}|nothing decisive since|{left}"),
    Reason.HOLDING: ("{fact}|{goal}|历次均符合", "{fact}|{goal}|held at every assessment"),
    Reason.BROKEN: ("{fact}|{goal}|{short}|{left}", "{fact}|{goal}|{short}|{left}"),
    Reason.RESTORED: ("{fact}|{goal}|曾有不符合、现已恢复|{left}", "{fact}|{goal}|once broken, now restored|{left}"),
    Reason.KEPT: ("{fact}|{goal}|至期限 {deadline} 历次均符合", "{fact}|{goal}|held at every assessment to {deadline}"),
    Reason.NOT_KEPT: ("{fact}|{goal}|期内未能始终保持|{left}", "{fact}|{goal}|not kept throughout|{left}"),
    Reason.REACHED: ("{fact}|{goal}|已于 {attained_on} 达到", "{fact}|{goal}|reached on {attained_on}"),
    Reason.REACHED_LATE: ("{fact}|{goal}|达到于 {attained_on}，较期限 {deadline} 晚 {delay} 天", "{fact}|{goal}|reached on {attained_on}, {delay} days after the deadline {deadline}"),
    Reason.YEAR_MET: ("{fact}|{goal}|已完成各年度均达到", "{fact}|{goal}|met in every year so far"),
    Reason.YEAR_OPEN: ("{year} 年度尚无数据|{goal}", "no figure for {year} yet|{goal}"),
    Reason.YEAR_MISSED: ("{fact}|{goal}|{short}|该年度未达到", "{fact}|{goal}|{short}|missed in that year"),
    Reason.YEAR_MISSING: ("缺 {year} 年度数据|{goal}|{left}", "no figure for {year}|{goal}|{left}"),
    Reason.ALL_YEARS_MET: ("{fact}|{goal}|各年度均达到", "{fact}|{goal}|met in every year"),
    Reason.DONE: ("已于 {attained_on} 完成|期限 {deadline}", "done on {attained_on}|due {deadline}"),
    Reason.DONE_LATE: ("已于 {attained_on} 完成|较期限 {deadline} 晚 {delay} 天", "done on {attained_on}|{delay} days after the deadline {deadline}"),
    Reason.UNCONFIRMED: ("{fact}|待填报完成日期|{left}", "{fact}|the day of completion is still to be reported|{left}"),
    Reason.IN_HAND: ("{report}|{left}", "{report}|{left}"),
    Reason.DUE_SOON: ("{report}|尚未完成|{left}", "{report}|not done yet|{left}"),
    Reason.OVERDUE: ("{report}|{fact}|仍未完成|{left}", "{report}|{fact}|still not done|{left}"),
    Reason.MOVING: ("{fact}|{base}|{goal}", "{fact}|{base}|{goal}"),
    Reason.MOVED_BACK: ("{fact}|{base}|{goal}|期内曾有反复|{left}", "{fact}|{base}|{goal}|an earlier period went the other way|{left}"),
    Reason.NOT_MOVING: ("{fact}|{base}|{goal}|未见改善|{left}", "{fact}|{base}|{goal}|no improvement|{left}"),
    Reason.MOVED: ("{fact}|{base}|{goal}|期限 {deadline} 已实现", "{fact}|{base}|{goal}|so at the deadline {deadline}"),
    Reason.NOT_MOVED: ("{fact}|{base}|{goal}|未实现|{left}", "{fact}|{base}|{goal}|not so|{left}"),
    Reason.OUTLOOK_LIKELY: ("{report}|{fact}|{due}|{base}|{goal}|预测可达到", "{report}|{fact}|{due}|{base}|{goal}|expected to be met"),
    Reason.OUTLOOK_OPEN: ("{report}|{fact}|{due}|{base}|{goal}|预测尚无把握|{left}", "{report}|{fact}|{due}|{base}|{goal}|the outlook is open|{left}"),
    Reason.OUTLOOK_UNLIKELY: ("{report}|{fact}|{due}|{base}|{goal}|预测难以达到|{left}", "{report}|{fact}|{due}|{base}|{goal}|not expected to be met|{left}"),
    Reason.STALE: ("{report}|{fact}|{due}|{base}|{goal}|数据已过时|{left}", "{report}|{fact}|{due}|{base}|{goal}|the data are out of date|{left}"),
}  # fmt: skip

DONE_SO_FAR = {Kind.CUMULATIVE_COUNT, Kind.YEARLY_QUOTA, Kind.DATED_MILESTONE}
GROUPED_FROM = 5
PLANNED_PLACES = 12
DIRECTIONS = {
    Side.LOWER: ("目标较基准下降", "target below the baseline"),
    Side.HIGHER: ("目标较基准提高", "target above the baseline"),
}
GOALS = {
    (Kind.UPPER_BOUND, Side.LOWER): ("目标不高于 {}", "target at most {}"),
    (Kind.LOWER_BOUND, Side.HIGHER): ("目标不低于 {}", "target at least {}"),
    (Kind.STRICT_BOUND, Side.LOWER): ("目标低于 {}", "target below {}"),
    (Kind.STRICT_BOUND, Side.HIGHER): ("目标超过 {}", "target above {}"),
    (Kind.MAINTAIN, Side.LOWER): ("目标保持不高于 {}", "target to stay at most {}"),
    (Kind.MAINTAIN, Side.HIGHER): ("目标保持 {}", "target to keep {}"),
    (Kind.CUMULATIVE_COUNT, Side.HIGHER): ("目标 {}", "target {}"),
    (Kind.YEARLY_QUOTA, Side.HIGHER): ("目标每年 {}", "target {} a year"),
    (Kind.FULL_COVERAGE, Side.HIGHER): ("目标全覆盖 {}", "target full coverage, {}"),
}


def sentence(judgement: Judgement, language: str = "zh", unit: str | None = None) -> str:
    """One sentence without its full stop. unit replaces the target's own, for English readers say."""
    if language not in LANGUAGES:
        raise ValueError(f"语言应为 zh 或 en，现为 {language}")
    told = Telling(judgement, LANGUAGES.index(language), judgement.unit if unit is None else unit)
    words = told.words()
    clauses = [clause.format(**words) for clause in SAYS[judgement.reason][told.tongue].split("|")]
    return told.say("，", ", ").join(clause for clause in (*clauses, *told.marks(clauses)) if clause)


def number(value: Decimal) -> str:
    """Trailing zeros stripped, thousands grouped from five digits on, never an exponent."""
    whole, _, part = format(abs(value), "f").partition(".")
    whole, part = f"{int(whole):,}" if len(whole) >= GROUPED_FROM else whole, part.rstrip("0")
    minus = "-" if value < 0 else ""
    return minus + whole + (f".{part}" if part else "")


@dataclass(frozen=True, slots=True)
class Telling:
    judgement: Judgement
    tongue: int
    unit: str

    def say(self, *texts):
        return texts[self.tongue]

    def words(self):
        j = self.judgement
        return {
            "today": j.today,
            "start": j.start,
            "deadline": j.deadline,
            "attained_on": j.attained_on,
            "on": j.actual_on,
            "year": j.year,
            "delay": self.delay(),
            "fact": self.fact(),
            "report": self.report(),
            "due": self.due(),
            "behind": self.behind(),
            "short": self.short(),
            "goal": self.goal(),
            "base": self.base(),
            "left": self.left(),
        }

    def amount(self, value):
        if not self.unit or self.unit == "%":
            return number(value) + self.unit
        yearly = self.judgement.kind is Kind.YEARLY_QUOTA
        return f"{number(value)} {self.unit.removesuffix('/年') if yearly else self.unit}"

    def apart(self, value):
        """A difference; between two shares it is of percentage points."""
        if self.unit != "%":
            return self.amount(value)
        return f"{number(value)} {self.say('个百分点', 'percentage point' if value == 1 else 'percentage points')}"

    def fact(self):
        j = self.judgement
        if j.actual is None:
            return ""
        verb = self.say("完成", "done") if j.kind in DONE_SO_FAR else self.say("为", "actual")
        year = "" if j.year is None else self.say(f"{j.year} 年度", f"{j.year}: ")
        return f"{year}{self.say('截至', 'as of')} {j.actual_on} {verb} {self.amount(j.actual)}{self.detail()}"

    def detail(self):
        j = self.judgement
        if j.whole is not None:
            return self.say(f"（{number(j.part)}/{number(j.whole)}）", f" ({number(j.part)} of {number(j.whole)})")
        return self.say(f"（{j.stage}）", f" ({j.stage})") if j.stage else ""

    def report(self):
        j = self.judgement
        if j.kind is not Kind.DATED_MILESTONE or j.actual is not None or j.actual_on is None:
            return ""
        return self.say(f"截至 {j.actual_on} 报告进行中", f"reported under way as of {j.actual_on}") + self.detail()

    def planned(self):
        """Rounded for reading: no finer than the actual and the goal are told, but never to the actual itself when they differ."""
        j = self.judgement
        digits = max(places(j.actual.normalize()), places(j.goal), 1)
        while digits < PLANNED_PLACES and self.rounded(digits) == j.actual != j.planned:
            digits += 1
        return self.rounded(digits)

    def rounded(self, digits):
        return to_decimal(Fraction(self.judgement.planned), digits)

    def has_line(self):
        return self.judgement.planned is not None and self.judgement.actual is not None

    def due(self):
        j = self.judgement
        if not self.has_line():
            return ""
        day = "" if j.planned_on == j.actual_on else self.say(f"至 {j.planned_on} ", f"by {j.planned_on} ")
        word = self.say("应达", "planned") if j.side is Side.HIGHER else self.say("应不高于", "planned at most")
        return f"{day}{word} {self.amount(self.planned())}"

    def behind(self):
        if not self.has_line():
            return ""
        missing = to_decimal(abs(Fraction(self.planned()) - Fraction(self.judgement.actual)), PLANNED_PLACES)
        return f"{self.say('落后', 'behind by')} {self.apart(missing)}"

    def short(self):
        j = self.judgement
        if j.gap is None or j.gap < 0:
            return ""
        if j.gap == 0:
            return self.say("恰在界限上，不算达到", "exactly on the limit, which is not enough")
        word = self.say("尚差", "short by") if j.side is Side.HIGHER else self.say("超出", "over by")
        return f"{word} {self.apart(j.gap)}"

    def goal(self):
        j = self.judgement
        if j.kind is Kind.DATED_MILESTONE:
            return self.say("目标为按期完成", "target: done by the deadline")
        if j.kind is Kind.DIRECTION_ONLY:
            return self.say(*DIRECTIONS[j.side])
        return GOALS[j.kind, j.side][self.tongue].format(self.amount(j.goal))

    def base(self):
        baseline = self.judgement.baseline
        return "" if baseline is None else f"{self.say('基准', 'baseline')} {self.amount(baseline)}"

    def left(self):
        j = self.judgement
        if j.days_left == 0:
            return self.say(f"今日为期限 {j.deadline}", f"due today, {j.deadline}")
        days = f"{abs(j.days_left)} {self.say('天', 'day' if abs(j.days_left) == 1 else 'days')}"
        if j.days_left < 0:
            return self.say(f"已过期限 {j.deadline} {days}", f"{days} past {j.deadline}")
        return self.say(f"距期限 {j.deadline} 还有 {days}", f"{days} left to {j.deadline}")

    def delay(self):
        j = self.judgement
        return "" if j.attained_on is None else (j.attained_on - j.deadline).days

    def marks(self, clauses):
        """What a reader must know beside the figures; the newest evidence is always named."""
        j = self.judgement
        striven = not j.binding and j.status is not Status.ATTAINED
        return (
            self.age(clauses),
            self.completeness(),
            self.say("含暂定数据", "provisional data") if j.provisional else "",
            self.say("含模拟数据", "simulated data") if j.simulated else "",
            self.forecast(),
            self.say("力争目标，不作约束", "striven for, not binding") if striven else "",
        )

    def age(self, clauses):
        j = self.judgement
        outdated = j.stale and j.reason is not Reason.STALE
        if j.newest is None or (not outdated and any(str(j.newest) in clause for clause in clauses)):
            return ""
        told = self.say(f"最新数据截至 {j.newest}", f"newest data of {j.newest}")
        return told + (self.say("，已过时", ", out of date") if outdated else "")

    def completeness(self):
        share = self.judgement.completeness
        if share is None or share == 1:
            return ""
        return self.say(f"数据完整度 {percent(share)}", f"data {percent(share)} complete")

    def forecast(self):
        outlook = self.judgement.outlook
        if outlook is None:
            return ""
        chance = percent(outlook.probability)
        chance = self.say(f"预测达到的可能性 {chance}", f"forecast chance of meeting it {chance}")
        if outlook.low is None or outlook.high is None:
            return chance
        level, low, high = percent(outlook.level), self.amount(outlook.low), self.amount(outlook.high)
        return chance + self.say(f"（{level} 区间 {low} 至 {high}）", f" ({level} interval {low} to {high})")


def percent(share):
    """Cut, not rounded: all but all is not all."""
    return number(to_decimal(Fraction(int(Fraction(share) * 1000), 10), 1)) + "%"
