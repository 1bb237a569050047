"""Annual lists as they stand: items, what the plan holds that stands in none, and the papers."""

from datetime import date
from typing import Literal

from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from qingshan.people.actions import may
from qingshan.plan.annual.queries import cover_of, paper_of, sheet_of, sheets_of
from qingshan.plan.queries import standing_edition
from qingshan.web.annual import Row, View, names_of
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import DOCX, XLSX, answers, filed
from qingshan.web.api.lists import router
from qingshan.web.pages import programme_for
from qingshan.web.views.list_papers import paper
from qingshan.web.views.lists import annual_of, row_of

LISTS = "/programmes/{slug:programme}/lists"
LIST = LISTS + "/{int:year}"


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
    """An item on a day. `marks`: numbers of the amendments that touched it. `print`: an edit names it as `seen`."""

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
    carried_from: int | None = Field(description="the year it is carried over from")
    pending: str = Field(description="what the amendment in preparation does to it: add, change, remove")
    print: str


class LeadOut(Schema):
    """The lead that is proposed with its reason, and what the office decided."""

    proposed: str
    proposed_name: str
    reason: schemas.Words
    decided: bool
    decided_by: schemas.Person | None
    why: str


class CompletionOut(Schema):
    """The office's word that an item is done, or, without a day, not done after all; the last one counts."""

    done_on: date | None
    note: str
    by: schemas.Person | None


class ListItemOut(ListItem):
    lead_decision: LeadOut
    completions: list[CompletionOut]


class ListOut(ListLine):
    as_of: date
    rows: list[ListItem]


class Asked(Schema):
    body: str = Field("", max_length=60, description="leads or cooperates")
    lead: str = Field("", max_length=60)
    theme: int | None = Field(None, ge=0, le=1000)
    quarter: int | None = Field(None, ge=1, le=4)
    only: Literal["", "open", "overdue", "done", "undecided", "carried", "amended"] = ""


class PaperOut(Schema):
    """A list or an amendment as it was issued; of an amendment, what it changed."""

    number: str
    issued_on: date | None
    why: str
    changes: list[dict]


class ListPlace(Schema):
    year: int
    issued: bool


class SourceOut(Schema):
    """A measure (by its number here) or an official target (by its code) of the plan in force, and where it stands."""

    measure: int | None
    target: str | None
    task: str | None
    title: schemas.Words
    places: list[ListPlace]


class PaperNumber(Schema):
    number: str = Field(
        "", max_length=20, description="the list as issued under this number; the newest where none is given"
    )


@router.get(LISTS, response=answers(list[ListLine]))
def list_lists(request, programme: str):
    """年度任务清单，新的在前。 Annual lists, the latest year first."""
    return [ListLine(**line(one)) for one in sheets_of(programme_for(request, programme))]


def line(sheet) -> dict:
    annual = sheet.annual
    return {
        "year": annual.year, "state": annual.state, "number": sheet.number, "demonstration": annual.demonstration,
        "edition": annual.edition.ordinal, "issued_on": annual.issued_on,
        "amendments": [one.number for one in sheet.amendments if one.number], "items": len(sheet.standing),
    }  # fmt: skip


@router.get(LISTS + "/coverage", response=answers(list[SourceOut]))
def read_coverage(request, programme: str, missing: bool = Query(False, description="only what stands in no list")):
    """规划的举措和目标列入了哪些年度清单。 Which measures and targets stand in which year's list, and which in none."""
    programme = programme_for(request, programme)
    edition = standing_edition(programme)
    found = cover_of(edition, sheets_of(programme)).sources if edition else []
    return [_source(one) for one in found if not (missing and one.places)]


def _source(one) -> SourceOut:
    title = shapes.words(one.measure, "title") if one.measure else shapes.words(one.target)
    places = [ListPlace(year=each.year, issued=each.issued) for each in one.places]
    return SourceOut(
        measure=one.measure and one.measure.pk, target=one.target and one.target.code, task=one.task and one.task.no,
        title=title, places=places,
    )  # fmt: skip


@router.get(LIST, response=answers(ListOut))
def read_list(request, programme: str, year: int, asked: Query[Asked]):
    """一个年度的清单；有修订待印发时，只有编制者看到。 One year's list; an amendment in preparation shows to those who make it."""
    return whole(request, annual_of(request, programme, year), asked)


def whole(request, annual, asked: Asked | None = None) -> ListOut:
    sheet = sheet_of(annual, prepared=may(request.user, "edit_list"))
    wanted = {name: str(value) for name, value in asked.model_dump().items() if value is not None} if asked else {}
    today = timezone.localdate()
    rows = View(sheet, today, names_of(annual.programme), wanted).shown
    return ListOut(**line(sheet), as_of=today, rows=[ListItem(**_item(row)) for row in rows])


def _item(row: Row) -> dict:
    entry, item = row.entry, row.item
    return {
        "order": item.order, "theme": shapes.words(item, "theme"), "task": item.task_no, "title": shapes.words(entry, "title"),
        "content": shapes.words(entry, "content"), "node": shapes.words(entry, "node"), "quarter": entry.quarter,
        "due_on": entry.due_on, "lead": entry.lead_code, "lead_name": entry.lead_name,
        "partners": [code for code, _ in entry.partners], "state": row.state, "done_on": entry.done_on,
        "marks": list(entry.line.marks), "carried_from": row.carried_from and row.carried_from.annual.year,
        "pending": row.pending, "print": row.print,
    }  # fmt: skip


@router.get(LIST + "/items/{int:order}", response=answers(ListItemOut))
def read_item(request, programme: str, year: int, order: int):
    """清单的一项：牵头建议及理由、完成情况。 One item: its proposed lead with the reason, and what was said to be done."""
    return item_out(request, programme, year, order)


def item_out(request, programme: str, year: int, order: int) -> ListItemOut:
    _annual, _view, row = row_of(request, programme, year, order)
    item = row.item
    lead = LeadOut(
        proposed=item.proposed_code, proposed_name=item.proposed_name, reason=shapes.words(item, "reason"),
        decided=row.entry.decided, decided_by=shapes.person(item.decided_by), why=item.decided_why,
    )  # fmt: skip
    said = sorted(item.completions.all(), key=lambda one: one.id, reverse=True)
    told = [CompletionOut(done_on=one.done_on, note=one.note, by=shapes.person(one.by)) for one in said]
    return ListItemOut(**_item(row), lead_decision=lead, completions=told)


@router.get(LIST + "/papers", response=answers(list[PaperOut]))
def list_papers(request, programme: str, year: int):
    """一个年度已印发的清单和修订，按编号。 The papers of a year by their numbers, each amendment with what it changed."""
    sheet = paper_of(annual_of(request, programme, year))
    annual = sheet.annual
    first = [PaperOut(number=annual.number, issued_on=annual.issued_on, why="", changes=[])] if annual.number else []
    return first + [_amendment(sheet, one) for one in sheet.amendments]


def _amendment(sheet, one) -> PaperOut:
    changed = [{"order": it.item.order, "kind": it.kind, "after": it.after} for it in one.changes.all()]
    added = [{"order": it.order, "kind": "add", "after": {}} for it in sheet.items if it.amendment_id == one.id]
    return PaperOut(number=one.number, issued_on=one.issued_on, why=one.why, changes=changed + added)


@router.get(LIST + "/paper.docx", **filed(DOCX))
def download_paper(request, programme: str, year: int, number: Query[PaperNumber]):
    """清单的正式样式，Word 文件。 The list in its official form, as a Word file."""
    return paper(request, programme, year, "docx")


@router.get(LIST + "/paper.xlsx", **filed(XLSX))
def download_sheet(request, programme: str, year: int, number: Query[PaperNumber]):
    """清单的正式样式，Excel 表。 The list in its official form, as a workbook."""
    return paper(request, programme, year, "xlsx")
