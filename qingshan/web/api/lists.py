"""Annual lists: each year's items as they stand."""

from datetime import date

from django.utils import timezone
from ninja import Router, Schema

from qingshan.people.actions import may
from qingshan.plan.annual.queries import sheet_of, sheets_of
from qingshan.web.annual import View, names_of
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.pages import programme_for
from qingshan.web.views.lists import annual_of

router = Router(tags=["清单 annual lists"])


class ListLine(Schema):
    year: int
    state: str
    number: str
    demonstration: bool
    edition: int
    issued_on: date | None
    amendments: list[str]
    items: int


class ListItem(Schema):
    """An item on a day. `marks`: numbers of the amendments that touched it."""

    order: int
    theme: schemas.Words
    task: str
    title: schemas.Words
    content: schemas.Words
    node: schemas.Words
    quarter: int
    due_on: date
    lead: str
    lead_name: str
    partners: list[str]
    state: str
    done_on: date | None
    marks: list[str]


class ListOut(ListLine):
    as_of: date
    rows: list[ListItem]


@router.get("/programmes/{slug:programme}/lists", response=answers(list[ListLine]))
def list_lists(request, programme: str):
    """年度任务清单，新的在前。 Annual lists, the latest year first."""
    return [ListLine(**_line(one)) for one in sheets_of(programme_for(request, programme))]


def _line(sheet) -> dict:
    annual = sheet.annual
    return {
        "year": annual.year, "state": annual.state, "number": sheet.number, "demonstration": annual.demonstration,
        "edition": annual.edition.ordinal, "issued_on": annual.issued_on,
        "amendments": [one.number for one in sheet.amendments if one.number], "items": len(sheet.standing),
    }  # fmt: skip


@router.get("/programmes/{slug:programme}/lists/{int:year}", response=answers(ListOut))
def read_list(request, programme: str, year: int):
    """一个年度的清单；有修订待印发时，只有编制者看到。 One year's list; an amendment in preparation shows to those who make it."""
    annual = annual_of(request, programme, year)
    sheet = sheet_of(annual, prepared=may(request.user, "edit_list"))
    today = timezone.localdate()
    rows = View(sheet, today, names_of(annual.programme)).rows
    return ListOut(**_line(sheet), as_of=today, rows=[_item(row) for row in rows])


def _item(row) -> ListItem:
    entry, item = row.entry, row.item
    return ListItem(
        order=item.order, theme=shapes.words(item, "theme"), task=item.task_no, title=shapes.words(entry, "title"),
        content=shapes.words(entry, "content"), node=shapes.words(entry, "node"), quarter=entry.quarter, due_on=entry.due_on,
        lead=entry.lead_code, lead_name=entry.lead_name, partners=[code for code, _ in entry.partners], state=row.state,
        done_on=entry.done_on, marks=list(entry.line.marks),
    )  # fmt: skip
