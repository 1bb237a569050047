"""Registers and their rows."""

from collections.abc import Iterator

from qingshan.evidence.registers.places import Unplaced, box_of
from qingshan.evidence.registers.schema import Definition, Known, validate
from qingshan.programme.reading import Reading
from qingshan.programme.schema import Problem, RegisterRow, Where


def registers_fit(reading: Reading) -> Iterator[Problem]:
    p, before = reading.programme, set()
    for register in p.registers:
        where, code = register.where or Where("registers.yaml", 1, {}), register.code
        at = (where.file, where.lines.get("code", where.line))
        if code in before:
            yield Problem(
                *at, f"台账 {code} 重复，请改用别的代码", f"the register {code} stands twice; use another code"
            )
        if "places" in where.lines:
            yield Problem(
                where.file, where.lines["places"], "地名写在 programme.yaml 的 places 中，各台账共用",
                "places are named in programme.yaml, for all registers",
            )  # fmt: skip
        for column in register.references:
            if column.register_code not in before:
                yield Problem(
                    *at, f"台账 {code} 引用的台账 {column.register_code} 须写在它前面",
                    f"the register {column.register_code}, which {code} refers to, must stand before it",
                )  # fmt: skip
        if register.body and not reading.knows("bodies", register.body):
            yield Problem(*at, f"部门 {register.body} 不在 bodies.yaml 中，请先登记或改正", f"body {register.body} is not in bodies.yaml; add it there or correct it")  # fmt: skip
        for no in register.tasks:
            if not reading.knows("tasks", no):
                yield Problem(*at, f"任务 {no} 不在 plan.yaml 的 tasks 中", f"task {no} is not in plan.yaml, tasks")
        before.add(code)


def entries_fit(reading: Reading) -> Iterator[Problem]:
    p = reading.programme
    keys: dict[str, set[str]] = {}
    for row in p.entries:
        keys.setdefault(row.register, set()).add(p.register_by_code[row.register].key_of(row.data))
    known = Known({body.code for body in p.bodies}, keys)
    for row in p.entries:
        register = p.register_by_code[row.register]
        for problem in validate(register, row.data, known):
            yield row.problem(problem.zh, problem.en)
        yield from _entry_row(reading, row, register)


def _entry_row(reading: Reading, row: RegisterRow, register: Definition) -> Iterator[Problem]:
    if not reading.knows("sources", row.source):
        yield row.problem(
            f"来源 {row.source} 不在 sources.csv 中，请先登记或改正",
            f"source {row.source} is not in sources.csv; add it there or correct it",
        )
    if row.state is not None and row.state not in register.state:
        yield row.problem(
            f"台账 {row.register} 没有状态 {row.state}", f"the register {row.register} has no state {row.state}"
        )
    if row.effective and row.effective > row.known:
        yield row.problem(
            f"生效日 {row.effective} 晚于知悉日 {row.known}",
            f"effective on {row.effective}, after it was known on {row.known}",
        )
    if row.geometry is not None:
        try:
            box_of(row.geometry, register.geometry)
        except Unplaced as wrong:
            yield row.problem(wrong.zh, wrong.en)
