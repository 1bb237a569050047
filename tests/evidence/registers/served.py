"""Registers of an invented county that serve the pages made of several: units and their clauses, closed zones, a river with
what lies beside it, and occurrences."""

from datetime import date

from qingshan.evidence.registers.actions import Stated, define_register, put_entries
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.schema import Definition
from qingshan.plan.models import Programme

KNOWN = date(2025, 3, 1)


def field(code: str, kind: str = "text", **more) -> dict:
    return {"code": code, "name": {"zh": f"字段{code}", "en": code}, "type": kind} | more


def choice(code: str, *codes: str, **more) -> dict:
    return field(code, "choice", choices=[{"code": one, "zh": f"选项{one}", "en": one} for one in codes], **more)


def square(west: float, south: float, side: float = 0.1) -> dict:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def point(lon: float, lat: float) -> dict:
    return {"type": "Point", "coordinates": [lon, lat]}


NO = field("no", required=True)
LISTED = {
    "states": [{"code": "listed", "zh": "在册", "en": "Listed"}, {"code": "closed", "zh": "已注销", "en": "Closed", "final": True}],
    "transitions": [{"from": "listed", "to": "closed"}],
}  # fmt: skip
REGISTERS = {
    "units": ("zoning-units", "polygon", [choice("class", "priority", "key")]),
    "access": ("zoning-access", "none", [
        field("unit", "reference", register="units"), choice("class", "priority", "key"), field("industries"),
        choice("activity", "build", "operate"), choice("effect", "forbid", "demand", "allow"), field("rule"), field("clause"),
        field("from_on", "date"), field("until", "date"),
    ]),
    "closed": ("closed-zones", "polygon", [
        choice("applies", "truck", "machine"), field("stage", "int"), field("basis"), field("from_on", "date"), field("until", "date"),
        field("from_month", "int"), field("to_month", "int"),
    ]),
    "rivers": ("river-sheets", "line", [
        choice("kind", "river", "park"), field("water"), field("guards"), field("risks"), field("plan"), field("duty"),
    ]),
    "mouths": ("outfalls", "point", [field("water", filterable=True)]),
    "gates": ("water-gates", "point", [field("water", filterable=True), field("duty")]),
    "stores": ("supplies", "point", [field("item"), field("amount", "decimal"), field("measure")]),
    "teams": ("teams", "point", [field("ready", "int"), field("duty"), field("phone", private=True, personal=True)]),
    "fields": ("farmland-units", "polygon", [
        choice("class", "safe", "used", "strict"), field("area", "decimal"), field("produce", "int"), field("produce_met", "int"),
        field("produce_heavy", "int"),
    ]),
    "records": ("occurrences", "point", [
        field("species", term="scientificName", required=True), choice("group", "birds", "fishes"), field("amount", "int", term="individualCount"),
        field("survey", term="eventID"), field("seen_on", "date", term="eventDate", required=True),
        choice("basis", "humanobservation", "preservedspecimen", term="basisOfRecord"),
    ]),
}  # fmt: skip
ROWS = {
    "units": [({"no": "U1", "class": "priority"}, square(121.0, 30.7)), ({"no": "U2", "class": "key"}, square(121.1, 30.7))],
    "access": [
        ({"no": "1", "class": "priority", "industries": "C", "activity": "build", "effect": "forbid", "rule": "不建厂", "clause": "第一条"}, None),
        ({"no": "2", "unit": "U2", "industries": "C26|C27", "effect": "demand", "rule": "进园区", "clause": "第二条"}, None),
        ({"no": "3", "class": "key", "effect": "allow", "rule": "可以建设", "clause": "第三条", "until": "2025-06-30"}, None),
    ],
    "closed": [({"no": "Z1", "applies": "machine", "stage": 3, "basis": "通告", "from_month": 10, "to_month": 3}, square(121.0, 30.7))],
    "rivers": [({"no": "R1", "kind": "river", "water": "北河", "plan": "先关闸", "duty": "值班岗"},
                {"type": "LineString", "coordinates": [[121.01, 30.71], [121.05, 30.73]]})],
    "mouths": [({"no": "P1", "water": "北河"}, point(121.02, 30.72)), ({"no": "P2", "water": "南河"}, point(121.03, 30.72))],
    "gates": [({"no": "G1", "water": "北河", "duty": "闸站"}, point(121.04, 30.73))],
    "stores": [({"no": "S1", "item": "吸油毡", "amount": "50", "measure": "箱"}, point(121.03, 30.73)),
               ({"no": "S2", "item": "沙袋", "amount": "9"}, point(121.6, 30.7))],
    "teams": [({"no": "T1", "ready": 20, "duty": "值班岗", "phone": "021-00000000"}, point(121.05, 30.72))],
    "fields": [({"no": "F1", "class": "used", "area": "72"}, square(121.0, 30.7))],
    "records": [
        ({"no": "O1", "species": "Egretta garzetta", "group": "birds", "amount": 3, "survey": "春季", "seen_on": "2025-03-05", "basis": "humanobservation"}, point(121.02, 30.72)),
        ({"no": "O2", "species": "Ardea cinerea", "group": "birds", "amount": 1, "survey": "春季", "seen_on": "2025-03-06", "basis": "humanobservation"}, point(121.02, 30.72)),
        ({"no": "O3", "species": "Cyprinus carpio", "group": "fishes", "survey": "秋季", "seen_on": "2025-09-06"}, None),
    ],
}  # fmt: skip


def definition(code: str, body: str | None = None) -> Definition:
    serves, geometry, fields = REGISTERS[code]
    alive = {} if code == "records" else LISTED
    no = NO | {"term": "occurrenceID"} if code == "records" else NO
    named = {
        "code": code,
        "name": {"zh": f"台账{code}", "en": code},
        "serves": serves,
        "geometry": geometry,
        "key": ["no"],
    }
    return Definition.model_validate(named | {"fields": [no, *fields], "body": body} | alive)


def put(programme: Programme, body: str | None = None, origin: str = "simulated") -> dict[str, Entry]:
    """All of these registers with their rows; returns the first row of each."""
    for code in REGISTERS:
        define_register(by=None, programme=programme, definition=definition(code, body))
        rows = [Stated(data, None, KNOWN, KNOWN, shape, origin, "编造") for data, shape in ROWS[code]]
        if code == "records":
            rows = [one._replace(known_on=date(2025, 10, 1), effective_on=KNOWN) for one in rows]
        put_entries(by=None, programme=programme, register=code, rows=rows)
    found = Entry.objects.filter(programme=programme, register__in=REGISTERS).order_by("-key")
    return {one.register: one for one in found}
