"""Labels to print for rows of a register."""

from typing import Annotated

from ninja import Query, Schema
from pydantic import Field

from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.api.registers import router
from qingshan.web.api.registers.rows import Chosen, asked_of
from qingshan.web.api.registers.workbooks import REGISTER
from qingshan.web.register_rows import open_register
from qingshan.web.views.register_sheets import MOST_SELECTED, Label, label, selected


class Labelled(Chosen):
    entry: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(
        [], max_length=MOST_SELECTED, description="ids of rows: only these of what is asked for"
    )


class LabelOut(Schema):
    """What is printed for a row; `svg` is the QR code of `address`, the row's page, drawn to fill whatever place it is given."""

    id: int
    key: str
    title: str
    register_name: schemas.Words
    jurisdiction: schemas.Words
    simulated: bool
    address: str
    svg: str


@router.get(REGISTER + "/labels", response=answers(list[LabelOut]))
def list_labels(request, programme: str, code: str, wanted: Query[Labelled]):
    """条目的标签和二维码，一次最多 500 条。 Labels of rows, each with the QR code of its page; at most 500 at once."""
    opened = open_register(request, programme, code)
    register_name, jurisdiction = opened.definition.name.model_dump(), shapes.words(opened.programme.jurisdiction)
    return [
        _label(label(request, opened, one), register_name=register_name, jurisdiction=jurisdiction)
        for one in selected(opened, asked_of(opened, wanted), wanted.entry or None)
    ]


def _label(one: Label, **more) -> LabelOut:
    return LabelOut(
        id=one.row.pk,
        key=one.row.key,
        title=one.row.title,
        simulated=one.row.simulated,
        address=one.address,
        svg=one.code,
        **more,
    )
