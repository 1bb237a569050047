"""A district with something stuck: a list with a late node, and people to press and to decide."""

from datetime import UTC, date, datetime

from qingshan.coordination import actions
from qingshan.coordination.models import Meeting
from qingshan.people.models import Body, User
from qingshan.plan.annual.models import AnnualList, Completion, Item
from qingshan.plan.models import Edition, Programme
from tests.district import person, programme

NOW = datetime(2025, 1, 2, tzinfo=UTC)
DUE = date(2025, 9, 30)  # the last day of the third quarter
RULES = [
    {"kind": "node", "notice": {"after": 1, "to": ["lead", "partners"], "answer": 2}, "warning": {"after": 5, "to": ["lead", "office"], "answer": 3},
     "circular": {"after": 10, "to": ["lead", "office", "leader"], "answer": 5}},
    {"kind": "assignment", "notice": {"after": 1, "to": ["lead"], "answer": 2}},
]  # fmt: skip
# Thursday 9 October 2025 is the first working day after the holiday: one day late.
FIRST, SECOND, THIRD = date(2025, 10, 9), date(2025, 10, 15), date(2025, 10, 22)


def bodies() -> tuple[Body, Body]:
    place = programme().jurisdiction
    water, _ = Body.objects.get_or_create(jurisdiction=place, code="water", defaults={"name": "水务局"})
    farm, _ = Body.objects.get_or_create(jurisdiction=place, code="farm", defaults={"name": "农业局", "order": 1})
    return water, farm


def late_node(title: str = "管网改造") -> Item:
    """A node of an issued list, due on `DUE`; led by water, with farm."""
    water, farm = bodies()
    edition, _ = Edition.objects.get_or_create(
        programme=programme(), ordinal=1,
        defaults={"title": "试验计划", "starts": date(2025, 1, 1), "ends": date(2026, 12, 31), "origin": "x", "digest": "0" * 64, "created_at": NOW},
    )  # fmt: skip
    annual = AnnualList.objects.create(programme=programme(), edition=edition, year=2025, created_at=NOW)
    item = Item.objects.create(
        annual=annual, order=1, title=title, content="内容", node="完成 10 公里", quarter=3, lead_code=water.code, lead_name=water.name,
        partners=[[farm.code, farm.name]],
    )  # fmt: skip
    AnnualList.objects.filter(pk=annual.pk).update(
        state="issued", number="2025-1", issued_on=date(2025, 1, 10), issued_at=NOW
    )
    return item


def mended(item: Item, on: date) -> None:
    Completion.objects.create(item=item, done_on=on, at=datetime(2025, 10, 10, tzinfo=UTC))


def ruled() -> Programme:
    """The programme with the rules above."""
    actions.put_rulebook(by=None, programme=programme(), rules=RULES, registers=[])
    return programme()


def run(on: date) -> actions.Outcome:
    return actions.run(by=None, programme=programme(), on=on)


def liaison(body: Body, name: str = "") -> User:
    return User.objects.create(
        username=name or f"liaison-{body.code}", role="liaison", jurisdiction=body.jurisdiction, body=body
    )


def decided(due_on: date, on: date = FIRST):
    """A meeting in preparation with one adopted decision of a leader, due on a day."""
    water, farm = bodies()
    meeting = held(on)
    item = actions.add_to_agenda(by=None, meeting=meeting, title="议题")
    leader = User.objects.filter(role="leader").first() or person("leader")
    return actions.decide(
        by=leader, item=item, on=on, outcome="adopted", wording="月底前拿出方案", lead=water, partners=[farm.code], due_on=due_on
    )  # fmt: skip


def held(on: date = FIRST) -> Meeting:
    return actions.call_meeting(by=None, programme=programme(), held_on=on)
