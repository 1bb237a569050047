"""A small register, made up, that the tests fill."""

from datetime import date

import pytest

from qingshan.evidence.registers.actions import Stated, add_entry, define_register
from qingshan.evidence.registers.schema import Definition
from qingshan.people.models import Body, Jurisdiction, Role, User
from qingshan.plan.models import Programme

OUTFALLS = {
    "code": "outfalls",
    "name": {"zh": "排口", "en": "Outfalls"},
    "geometry": "point",
    "key": ["no"],
    "body": "water",
    "owner": "keeper",
    "title": "name",
    "planned": "due_on",
    "fields": [
        {"code": "no", "name": {"zh": "编号", "en": "Number"}, "type": "text", "required": True},
        {"code": "name", "name": {"zh": "名称", "en": "Name"}, "type": "text", "filterable": True},
        {"code": "town", "name": {"zh": "镇", "en": "Town"}, "type": "text", "filterable": True},
        {"code": "kind", "name": {"zh": "类型", "en": "Kind"}, "type": "choice", "filterable": True,
         "choices": [{"code": "works", "zh": "工业", "en": "Industry"}, {"code": "farm", "zh": "农业", "en": "Farming"}]},
        {"code": "flow", "name": {"zh": "水量", "en": "Flow"}, "type": "decimal", "unit": "m³/d", "decimals": 2, "min": "0", "max": "100000",
         "filterable": True},
        {"code": "pipes", "name": {"zh": "管数", "en": "Pipes"}, "type": "int", "min": "1", "max": "20", "filterable": True},
        {"code": "metered", "name": {"zh": "有计量", "en": "Metered"}, "type": "bool", "filterable": True},
        {"code": "due_on", "name": {"zh": "计划完成", "en": "Planned"}, "type": "date", "filterable": True},
        {"code": "mended_on", "name": {"zh": "整治完成", "en": "Mended on"}, "type": "date"},
        {"code": "keeper", "name": {"zh": "责任部门", "en": "Body"}, "type": "body", "filterable": True},
        {"code": "page", "name": {"zh": "网页", "en": "Page"}, "type": "url"},
        {"code": "since", "name": {"zh": "建成年", "en": "Built"}, "type": "year", "filterable": True},
    ],
    "states": [
        {"code": "found", "zh": "已排查", "en": "Found"},
        {"code": "traced", "zh": "已溯源", "en": "Traced"},
        {"code": "mended", "zh": "已整治", "en": "Mended"},
        {"code": "verified", "zh": "已验收", "en": "Verified", "final": True},
    ],
    "transitions": [
        {"from": "found", "to": "traced"},
        {"from": "traced", "to": "mended", "may": ["own"], "proof": {"fields": ["mended_on"]}},
        {"from": "mended", "to": "verified", "may": ["office"], "proof": {"files": 1}},
        {"from": "mended", "to": "traced", "may": ["office"]},
    ],
}  # fmt: skip
DEFINITION = Definition.model_validate(OUTFALLS)


def placed(*places: str) -> Definition:
    """The same register, whose towns are places: those named, or any where none are."""
    fields = [one | {"type": "place"} if one["code"] == "town" else one for one in OUTFALLS["fields"]]
    return Definition.model_validate(OUTFALLS | {"fields": fields, "places": list(places)})


DAY, LATER = date(2025, 3, 1), date(2025, 4, 1)


@pytest.fixture
def programme(db):
    place = Jurisdiction.objects.create(code="riverbend", name="河湾区")
    for code, name in (("water", "水务局"), ("farm", "农业局")):
        Body.objects.create(jurisdiction=place, code=code, name=name)
    return Programme.objects.create(jurisdiction=place, code="riverbend", title="河湾计划")


@pytest.fixture
def register(programme):
    define_register(by=None, programme=programme, definition=DEFINITION)
    return programme


def person(programme, role=Role.OFFICE, body=None, name=None):
    found = programme.jurisdiction.bodies.filter(code=body).first()
    return User.objects.create(
        username=name or f"{role}-{body or 'all'}", role=role, jurisdiction=programme.jurisdiction, body=found
    )


def point(lon, lat):
    return {"type": "Point", "coordinates": [lon, lat]}


def stated(no, state=None, day=DAY, known=None, geometry=None, **data):
    return Stated({"no": no, **data}, state, known or day, day, geometry)


def added(register, by=None, no="P-1", **data):
    return add_entry(
        by=by, programme=register, register="outfalls", data={"no": no, **data}, known_on=DAY, effective_on=DAY,
        geometry=point(121.2, 30.8),
    )  # fmt: skip
