"""What bodies owe: rounds and their rehearsal, lists of past years, and when what is late is told."""

from collections.abc import Iterator
from itertools import pairwise

from qingshan.programme.reading import Reading
from qingshan.programme.schema import Problem
from qingshan.standards.working_days import has_calendar

from .naming import twice, unknown


def escalation_fits(reading: Reading) -> Iterator[Problem]:
    """One rule for each kind, whose levels come later and later, and only registers with a day to be late for."""
    p = reading.programme
    yield from twice(p.escalation, "kind", "事项类型")
    for rule in p.escalation:
        for (_, before), (name, step) in pairwise(rule.steps):
            if step.after <= before.after:
                yield step.problem(
                    "after",
                    f"{name} 在逾期 {step.after} 个工作日时发出，须晚于前一级的 {before.after} 个",
                    f"{name} comes after {step.after} working days; it must come later than the level before, {before.after}",
                )
    for one in p.followed:
        yield from unknown(reading, one, "register", "registers", [one.register_code])
        register = p.register_by_code.get(one.register_code)
        if register and not register.planned:
            yield one.problem(
                "register",
                f"台账 {register.code} 没有计划完成日（planned），无从逾期",
                f"the register {register.code} has no planned day; nothing in it can be late",
            )


def rounds_fit(reading: Reading) -> Iterator[Problem]:
    """The days of a round follow each other, and its country has a calendar of working days."""
    rounds = reading.programme.rounds
    yield from twice(rounds, "code", "填报轮次")
    for one in rounds:
        if not one.opens <= one.due <= one.lock:
            told = f"{one.opens}、{one.due}、{one.lock}"
            yield one.problem(
                "due",
                f"开放、截止、锁定应依次不早于前一个，现为 {told}",
                f"opens, due and lock follow each other, not {told}",
            )
        if not has_calendar(one.calendar):
            yield one.problem(
                "calendar",
                f"没有 {one.calendar} 的节假日历，请用两个字母的国家代码，如 CN",
                f"no calendar for {one.calendar}; use a country code like CN",
            )


def rehearsed_fit(reading: Reading) -> Iterator[Problem]:
    """A simulated report belongs to a round and a body, and its days follow each other."""
    p = reading.programme
    kinds = {one.code for one in p.rounds}
    if p.rehearsed and not (p.head and p.head.demonstration):
        yield p.rehearsed[0].problem(
            "period", "只有演示规划可以有模拟填报", "only a demonstration has simulated reports"
        )
    for one in p.rehearsed:
        yield from unknown(reading, one, "body", "bodies", [one.body])
        if one.round_code not in kinds:
            yield one.problem("round", f"没有填报轮次 {one.round_code}", f"no round {one.round_code}")
        days = [day for day in (one.submitted, one.returned, one.mended, one.accepted) if day]
        if days != sorted(days) or bool(one.returned) != bool(one.why) or days and not one.submitted:
            yield one.problem(
                "submitted",
                "报送、退回、补正、接受的日期应依次填写，退回须写理由",
                "the days follow each other, and a return has its reason",
            )


def past_lists_fit(reading: Reading) -> Iterator[Problem]:
    """A past list names measures and official targets of the plan, in one of its years."""
    p = reading.programme
    known = {target.code for target in p.official} | {
        f"{task.no}.{one.no}" for task in p.tasks for one in task.measures
    }
    yield from twice(p.lists, "year", "清单年份")
    for one in p.lists:
        if p.head and not p.head.period[0] <= one.year <= p.head.period[1]:
            yield one.problem(
                "year",
                f"清单年份 {one.year} 不在计划期 {p.head.period[0]}—{p.head.period[1]} 之内，请改正",
                f"the list's year {one.year} lies outside the plan's years {p.head.period[0]}–{p.head.period[1]}; correct it",
            )
        for node in one.nodes:
            if node.item not in known and not reading.spoilt("plan.yaml"):
                yield node.problem(
                    "item",
                    f"“{node.item}”既不是“任务.举措”序号，也不是规划目标的代码，请改正",
                    f"{node.item!r} is neither the number of a measure nor the code of an official target; correct it",
                )
