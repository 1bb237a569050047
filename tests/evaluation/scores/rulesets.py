"""A small set of rules, and the invented county with something to score."""

from copy import deepcopy
from datetime import date

from qingshan.cycle import run_cycle
from qingshan.evaluation.scores.actions import compute_sheet, define_rules
from qingshan.evaluation.scores.models import Sheet
from qingshan.evaluation.scores.rules import Scoring
from qingshan.evidence.registers.actions import Stated, define_register, put_entries
from qingshan.evidence.registers.schema import Definition
from qingshan.people.models import Body, Role, User
from qingshan.plan.models import Programme
from qingshan.programme.loading import load
from tests.district import SAMPLE


def both(zh: str, en: str = "") -> dict:
    return {"zh": zh, "en": en or zh}


BASIS = {"document": both("本规则"), "clause": both("一")}
RULES = {
    "version": "1",
    "since": "2025-01-01",
    "standing": "working",
    "why": both("试验用"),
    "window": 5,
    "level": "0.95",
    "parts": [
        {"code": "result", "name": both("结果"), "minimum": 2, "most": "3",
         "criteria": [{"code": "targets", "name": both("目标"), "source": "targets", "other": "0.5"}]},
        {"code": "process", "name": both("过程"), "minimum": 3,
         "criteria": [{"code": "reports", "name": both("按时"), "source": "reports"}, {"code": "returns", "name": both("退回"), "source": "returns"},
                      {"code": "nodes", "name": both("节点"), "source": "nodes"}]},
        {"code": "mending", "name": both("整改"), "minimum": 3,
         "criteria": [{"code": "findings", "name": both("问题"), "source": "register", "register": "findings", "states": ["closed"], "done": "done_on"}]},
    ],
    "total": {"result": "50", "process": "30", "mending": "20", "rescale": True},
    "deductions": [
        {"code": "missing", "name": both("未报"), "criterion": "reports", "outcomes": ["missing"], "points": "1", "cap": "2", "basis": BASIS},
        {"code": "late", "name": both("逾期"), "criterion": "reports", "outcomes": ["late"], "points": "0.5", "basis": BASIS},
        {"code": "returned", "name": both("退回"), "criterion": "returns", "outcomes": ["returned"], "points": "0.5", "basis": BASIS},
        {"code": "overdue", "name": both("逾期整改"), "criterion": "findings", "outcomes": ["open", "late"], "points": "2", "basis": BASIS},
    ],
}  # fmt: skip


def told(**changed) -> dict:
    return deepcopy(RULES) | changed


def rules(**changed) -> Scoring:
    return Scoring.model_validate(told(**changed))


FINDINGS = Definition.model_validate({
    "code": "findings", "name": both("督查问题", "Findings"), "geometry": "none", "key": ["no"], "body": "works", "owner": "keeper",
    "planned": "due_on", "title": "what",
    "fields": [
        {"code": "no", "name": both("编号"), "type": "text", "required": True},
        {"code": "what", "name": both("问题"), "type": "text"},
        {"code": "due_on", "name": both("应于"), "type": "date"},
        {"code": "done_on", "name": both("办结"), "type": "date"},
        {"code": "keeper", "name": both("部门"), "type": "body"},
    ],
    "states": [{"code": "open", "zh": "整改中", "en": "Open"}, {"code": "closed", "zh": "已销号", "en": "Closed", "final": True}],
    "transitions": [{"from": "open", "to": "closed"}],
})  # fmt: skip
AS_OF, KNOWN = date(2026, 7, 31), date(2026, 7, 1)


def finding(no: str, due: str, done: str | None = None, keeper: str = "works", known: date = KNOWN) -> Stated:
    data = {"no": no, "what": f"问题{no}", "due_on": due, "keeper": keeper} | ({"done_on": done} if done else {})
    return Stated(data, "closed" if done else "open", known, known, None, "reported", "督查")


def county(**changed) -> Programme:
    """The sample with rules, four findings of Public Works (one late, one open) and one of the Farm Office, and a run."""
    programme = load(SAMPLE)
    define_register(by=None, programme=programme, definition=FINDINGS)
    rows = [finding("1", "2026-03-31", "2026-03-01"), finding("2", "2026-04-30", "2026-05-20"), finding("3", "2026-05-31"),
            finding("4", "2026-06-30", "2026-06-30"), finding("5", "2026-06-01", "2026-05-01", "farm"), finding("6", "2026-09-30")]  # fmt: skip
    put_entries(by=None, programme=programme, register="findings", rows=rows)
    define_rules(by=None, programme=programme, scoring=rules(**changed))
    run_cycle(programme=programme, as_of=AS_OF)
    return programme


def sheet(programme: Programme, demonstration: bool = True) -> Sheet:
    return compute_sheet(by=None, programme=programme, period="2026-H1", demonstration=demonstration)


def person(role: str, programme: Programme, body: str = "works", name: str = "") -> User:
    place = programme.jurisdiction
    found = Body.objects.get(jurisdiction=place, code=body) if role in (Role.LIAISON, Role.OFFICE) else None
    return User.objects.create(username=name or f"{role}-{body}", role=role, jurisdiction=place, body=found)
