"""A county with something of everything, made once for a module; what a test writes is undone after it.

A page or an API operation about something new needs one of it here.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from http.cookies import SimpleCookie

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from qingshan.coordination import actions as coordination
from qingshan.coordination.incidents import actions as incidents
from qingshan.cycle import run_cycle
from qingshan.evaluation.queries import grounds_of_list
from qingshan.evaluation.scores.actions import define_rules, demonstrate
from qingshan.evidence.measurements.actions import send as deliver
from qingshan.evidence.registers.actions import add_entry, attach, define_register
from qingshan.evidence.registers.desk.actions import save_filter, send
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.reports.actions import attach as attach_to_report
from qingshan.evidence.reports.actions import open_round, set_schedule
from qingshan.evidence.reports.answers import Asked
from qingshan.evidence.reports.rounds import Kind, days
from qingshan.people.actions import set_bodies
from qingshan.people.models import Body, Jurisdiction, Role, User
from qingshan.people.tokens.actions import new_token
from qingshan.plan import actions
from qingshan.plan.annual.actions import make
from qingshan.plan.models import Programme
from qingshan.plan.queries import standing_edition
from qingshan.programme.loading import load

from ..district import SAMPLE
from ..evaluation.scores.rulesets import rules
from ..evidence.registers.outfalls import OUTFALLS
from ..evidence.registers.served import put
from ..once import standing
from ..plan import sample

EARLIER, LATER = date(2026, 4, 30), date(2026, 7, 31)
ELSEWHERE = "elsewhere"  # a programme of another jurisdiction
OWN, OTHER = "works", "farm"  # the liaison's body, and that of the other liaison
SECRET = "page"  # the field of a register that only the row's own body, the office and the auditor see


@dataclass
class World:
    people: dict[str, User]
    parameters: dict  # of an address, by their names, where the table gives no others
    named: dict  # numbers that a table names
    secrets: dict[str, str]  # access tokens by what they are
    signed_in: dict[str, SimpleCookie]  # by a person's name

    def client(self, person: str) -> Client:
        """A browser of that person's, signed in once for the module; `nobody` has not."""
        found = Client()
        if person in self.people:
            found.cookies = SimpleCookie({name: one.value for name, one in self.signed_in[person].items()})
        return found

    def values(self, given: dict[str, str]) -> dict:
        return {key: self.named.get(value, value) for key, value in given.items()}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    with standing(django_db_blocker, tmp_path_factory, made_world) as made:
        yield made


def made_world() -> World:
    county = load(SAMPLE)
    run = run_cycle(programme=county, as_of=LATER)
    place = county.jurisdiction
    set_bodies(by=None, jurisdiction=place, bodies=[
        one for one in sample.BODIES if not place.bodies.filter(name=one["name"]).exists()
    ])  # fmt: skip
    draft = actions.draft(by=None, programme=county, name="行动计划.txt", data=sample.data())
    own, other = place.bodies.get(code=OWN), place.bodies.get(code=OTHER)
    make(by=None, programme=county, year=2025, grounds=grounds_of_list(standing_edition(county), 2025))
    entry = outfall(county, own)
    report = owed(county).reports.get(body=own)
    kept = put(county, own.code)
    people = people_of(place, own, other)
    emergency = called_out(county, kept["stores"])
    desk = on_the_desk(county, people["liaison"], entry) | at_the_table(county, people)
    today = timezone.localdate()
    tokens = {scope: new_token(by=None, body=own, name=f"平台 {scope}", scope=scope, expires_on=today, today=today)
              for scope in ("read", "write")}  # fmt: skip
    scored = sheet(county)
    return World(
        people=people,
        parameters={"programme": county.code, "number": run.id, "ordinal": draft.ordinal},
        named={
            "liaison": people["liaison"].id,
            "token": tokens["read"][0].id,
            "entry": entry.id,
            "river": kept["rivers"].id,
            "run": run.id,
            "report": report.id,
            "line": report.lines.get().id,
            "evidence": attach_to_report(
                by=people["liaison"], line=report.lines.get(), name="记录.pdf", content=b"%PDF-1.4", on=LATER
            ).id,
            **desk,
            **emergency,
            **scored,
        },
        secrets={scope: secret for scope, (_, secret) in tokens.items()},
        signed_in={name: sign_in(user) for name, user in people.items()},
    )


def put_away(answer) -> None:
    """Close an answer as the test client does: the signal would close the connection, and cut off what tests stand on."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def sign_in(user: User) -> SimpleCookie:
    browser = Client()
    browser.force_login(user)
    return browser.cookies


def people_of(place: Jurisdiction, own: Body, other: Body) -> dict[str, User]:
    elsewhere = Jurisdiction.objects.create(code="XX-1", name="别处")
    Programme.objects.create(code=ELSEWHERE, jurisdiction=elsewhere, title="别处的计划")
    known = {
        "office": (Role.OFFICE, place, own), "liaison": (Role.LIAISON, place, own), "other": (Role.LIAISON, place, other),
        "leader": (Role.LEADER, place, None), "auditor": (Role.AUDITOR, place, None), "admin": (Role.ADMIN, place, None),
        "stranger": (Role.OFFICE, elsewhere, None),
    }  # fmt: skip
    return {
        name: User.objects.create(username=name, role=role, jurisdiction=where, body=body)
        for name, (role, where, body) in known.items()
    }


def owed(county: Programme):
    """A round that can still be answered on the county's own day; each liaison's body owes one answer."""
    asked = [Asked("task:1", "task", "words", {"zh": "任务 1 配合情况", "en": "Part in task 1", "optional": True})]
    kind = Kind("quarter", "季度填报", "Quarterly report", "quarter", 1, 30, 60, 3, date(2025, 1, 1))
    set_schedule(by=None, programme=county, kinds=[kind])
    return open_round(
        by=None, programme=county, kind=kind, days=days(kind, date(2026, 4, 1)), owed={OWN: asked, OTHER: asked}
    )


def outfall(county: Programme, own: Body):
    """A row of a register, the liaison's body's; one of its fields is private."""
    fields = [one | {"private": True} if one["code"] == SECRET else one for one in OUTFALLS["fields"]]
    definition = Definition.model_validate(OUTFALLS | {"body": own.code, "fields": fields})
    define_register(by=None, programme=county, definition=definition)
    data = {"no": "P-1", "name": "北闸", "town": "枫林镇", "flow": "12.50", SECRET: "https://example.org/p1"}
    return add_entry(
        by=None, programme=county, register="outfalls", data=data, known_on=EARLIER,
        geometry={"type": "Point", "coordinates": [121.3, 30.7]},
    )  # fmt: skip


def sheet(county: Programme) -> dict[str, int]:
    """A published score sheet with an objection that awaits its answer."""
    define_rules(by=None, programme=county, scoring=rules())
    made = demonstrate(by=None, programme=county, on=LATER)
    return {"sheet": made.id, "objection": made.objections.get().id}


def on_the_desk(county: Programme, liaison: User, entry) -> dict[str, int]:
    """Beside the register: a filter the liaison keeps, a file of rows of theirs, and a photograph of the row."""
    told = {"by": liaison, "programme": county, "register": "outfalls"}
    return {
        "kept": save_filter(**told, name="北闸", query="q=北闸").id,
        "delivery": deliver(by=liaison, programme=county, name="月报.csv", content=b"site,time,PM25\n").id,
        "upload": send(**told, name="排口.csv", content="编号\nP-2\n".encode(), known_on=EARLIER).id,
        "file": attach(by=liaison, entry=entry, name="北闸.jpg", content=b"\xff\xd8\xff\xe0 a picture").id,
    }


def called_out(county: Programme, store) -> dict[str, int]:
    """A drill that goes on, with a call on the liaison's body."""
    began = timezone.now() - timedelta(hours=1)
    drill = incidents.open_incident(
        by=None,
        programme=county,
        drill=True,
        kind="spill",
        title="演练",
        place="北河桥",
        lon=121.03,
        lat=30.73,
        began_at=began,
    )
    wanted = [incidents.Resource(store, store.key, 100, 5)]
    (call,) = incidents.call_out(by=None, incident=drill, resources=wanted, asked="", at=began)
    return {"incident": drill.ordinal, "call": call.id}


RULES = [{"kind": "assignment", "notice": {"after": 1, "to": ["lead"], "answer": 5}}]


def at_the_table(county: Programme, people: dict[str, User]) -> dict[str, int]:
    """A meeting in preparation, an assignment of the liaison's body that was reported with a proof, and an alert on it."""
    coordination.put_rulebook(by=None, programme=county, rules=RULES, registers=[])
    meeting = coordination.call_meeting(by=None, programme=county, held_on=EARLIER)
    item = coordination.add_to_agenda(by=None, meeting=meeting, title="议题")
    liaison = people["liaison"]
    assignment = coordination.decide(by=people["leader"], item=item, on=EARLIER, outcome="adopted", wording="办好", lead=liaison.body,
                                     due_on=EARLIER)  # fmt: skip
    (alert,) = coordination.run(by=None, programme=county, on=LATER).raised
    proof = coordination.report_done(
        by=liaison, decision=assignment, on=LATER, note="办了", name="证明.pdf", content=b"%PDF-1.4"
    )
    return {
        "meeting": meeting.ordinal,
        "item": item.id,
        "assignment": assignment.id,
        "alert": alert.id,
        "proof": proof.id,
    }
