"""What is private is shown to the row's own body, the office and the auditor, whichever way it is asked for."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.actions import add_entry, change_entry, define_register
from qingshan.evidence.registers.filters import BadFilter
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.registers.sight import Sight
from qingshan.people.models import AuditLine, Role
from tests.evidence.registers.written import written

from .outfalls import OUTFALLS, person, point

SECRET = [one | {"private": True} if one["code"] in ("flow", "town") else one for one in OUTFALLS["fields"]]
DEFINITION = Definition.model_validate(OUTFALLS | {"fields": SECRET, "private_place": True})
DAY = date(2025, 3, 1)
SEEN = [(Role.OFFICE, None, True), (Role.AUDITOR, None, True), (Role.LIAISON, "water", True), (Role.LIAISON, "farm", False),
        (Role.LEADER, None, False), (Role.ADMIN, None, False)]  # fmt: skip


@pytest.fixture
def kept(programme):
    define_register(by=None, programme=programme, definition=DEFINITION)
    data = {"no": "A-1", "name": "北闸", "flow": "12.5", "town": "枫林镇"}
    return add_entry(
        by=None, programme=programme, register="outfalls", data=data, geometry=point(121.3, 30.7), known_on=DAY
    )


def rows(kept):
    return queries.entries(kept.programme, "outfalls")


def test_a_private_field_may_not_name_rows():
    fields = [one | {"private": True} if one["code"] in ("no", "name") else one for one in OUTFALLS["fields"]]
    for named in ("no", "name"):
        wrong = [one if one["code"] == named else one | {"private": False} for one in fields]
        with pytest.raises(ValueError, match="private"):
            Definition.model_validate(OUTFALLS | {"fields": wrong})


def test_a_register_without_anything_private_hides_nothing():
    assert not Sight(Definition.model_validate(OUTFALLS), everything=False, body=None).hides


@pytest.mark.parametrize(("role", "body", "whole"), SEEN)
def test_who_sees_a_row_whole(kept, role, body, whole):
    sees = queries.sight(DEFINITION, person(kept.programme, role, body))
    row = queries.as_seen(Entry.objects.get(), sees)
    assert (row.data.get("flow") == "12.5") == (row.lon == 121.3) == (not row.hidden) == whole
    assert row.hidden == (frozenset() if whole else {"flow", "town"})
    assert row.placed and row.data["name"] == "北闸"


@pytest.mark.parametrize(("role", "body", "whole"), SEEN)
def test_the_map_shows_no_place_that_is_hidden(kept, role, body, whole):
    sees = queries.sight(DEFINITION, person(kept.programme, role, body))
    assert queries.on_the_map(rows(kept), sees).exists() == whole


@pytest.mark.parametrize(("role", "body", "whole"), SEEN)
@pytest.mark.parametrize("condition", ["flow>=10", "flow<10", "town=枫林镇", "town!=枫林镇", "flow="])
def test_a_filter_by_a_private_field_tells_nobody_what_it_holds(kept, role, body, whole, condition):
    """To whom the field is hidden, every condition on it gives the same: no row, or that it cannot be asked."""
    by = person(kept.programme, role, body)
    honest = queries.matching(rows(kept), DEFINITION, condition).exists()
    try:
        found = queries.matching(rows(kept), DEFINITION, condition, by=by).exists()
    except BadFilter as refused:
        assert not whole and "不公开" in refused.zh
    else:
        assert found == (honest and whole)


@pytest.mark.parametrize(("role", "body", "whole"), SEEN)
def test_exports_leave_out_what_is_hidden(kept, role, body, whole):
    by = person(kept.programme, role, body)
    text = "".join(queries.as_csv(kept.programme, "outfalls", by=by))
    book = load_workbook(io.BytesIO(written(queries.write_workbook, kept.programme, "outfalls", by=by)))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    for secret in ("12.5", "枫林镇", "121.3"):
        assert (secret in text) == (secret in cells) == whole, secret
    assert "北闸" in text


@pytest.mark.parametrize(("role", "body", "whole"), SEEN)
def test_the_history_is_seen_as_the_entry_is(kept, role, body, whole):
    change_entry(by=None, entry=kept, expected=1, data={"flow": "99"}, known_on=DAY)
    entry = Entry.objects.get()
    seen = queries.history(entry, queries.sight(DEFINITION, person(kept.programme, role, body)))
    assert [one.data.get("flow") for one in seen] == (["99", "12.5"] if whole else [None, None])


def test_a_body_that_had_a_row_before_sees_no_more_of_it_than_others(kept):
    change_entry(by=None, entry=kept, expected=1, data={"keeper": "farm"}, known_on=DAY)
    entry = Entry.objects.get()
    seen = queries.history(entry, queries.sight(DEFINITION, person(kept.programme, Role.LIAISON, "water")))
    assert [one.data.get("flow") for one in seen] == [None, None]


def test_the_audit_trail_names_a_private_field_and_not_what_it_holds(kept):
    change_entry(by=None, entry=kept, expected=1, data={"flow": "99", "name": "南闸"}, known_on=DAY)
    told = AuditLine.objects.get(verb="change_entry").detail["changes"]
    assert told == {"flow": ["***", "***"], "name": ["北闸", "南闸"]}
