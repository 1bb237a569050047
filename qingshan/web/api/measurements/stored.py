"""The rows of the store behind a site's numbers: each with its flag, its source and line, and when it was received."""

from datetime import UTC, datetime

from django.http import Http404
from ninja import Query, Schema
from pydantic import Field

from qingshan.observations import looking
from qingshan.web import measuring
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import XLSX, answers, filed
from qingshan.web.api.measurements import router
from qingshan.web.pages import programme_for
from qingshan.web.views.measurement_rows import exported

SITE = "/programmes/{slug:programme}/sites/{slug:site}"


class RowsAsked(Schema):
    item: str = Field("", max_length=40)
    since: schemas.Day | None = None
    until: schemas.Day | None = None
    flag: str = Field("", max_length=10, description="rows with this flag; - for those without one")


class Stretch(RowsAsked):
    skip: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(100, ge=1, le=1000)


class RowOut(Schema):
    """A row as it lies in the store. `flagged_by`: who or what set the flag; `correction`: it corrects an earlier row."""

    time: schemas.LocalTime
    period: str
    item: str
    value: schemas.Number | None
    unit: str
    below: bool | None
    flag: str | None
    flagged_by: str | None
    source: str
    line: int | None
    received_at: datetime
    correction: bool | None


class ReplacedOut(Schema):
    """What a row said from when it was received until a correction of it was."""

    value: schemas.Number | None
    unit: str
    below: bool | None
    flag: str | None
    flagged_by: str | None
    source: str
    line: int | None
    received_at: datetime
    replaced_at: datetime


class CountingOut(RowOut):
    """A row that counts, and those that it replaced, the oldest first."""

    replaced: list[ReplacedOut]


class RowsOut(Schema):
    total: int
    rows: list[CountingOut]


class OriginOut(Schema):
    """Where the rows of an item came from: how many there are, may be used, lie below detection, are corrections; when received."""

    item: str
    source: str
    n: int
    usable: int
    below: int | None
    corrected: int | None
    first: schemas.LocalTime
    last: schemas.LocalTime
    received: datetime


def _site(request, programme: str, site: str) -> tuple:
    found = programme_for(request, programme)
    told = measuring.site(found, site)
    if told is None:
        raise Http404
    return found, told


def _wanted(site: str, wanted: RowsAsked) -> looking.Stretch:
    return looking.Stretch(site, wanted.item, wanted.since, wanted.until, wanted.flag)


def _asked(request, programme: str, site: str, wanted: RowsAsked):
    found, told = _site(request, programme, site)
    return measuring.asked_of(found, told["medium"]), _wanted(site, wanted)


@router.get(SITE + "/rows", response=answers(RowsOut))
def list_rows(request, programme: str, site: str, wanted: Query[Stretch]):
    """一个点位的原始数据：数值、标识、来源和行号、入库时间，以及更正前的各行。 The raw rows of a site: value, flag, source and line, when received, and what each replaced."""
    asked, stretch = _asked(request, programme, site, wanted)
    total, found = looking.rows(asked, stretch, wanted.limit, wanted.skip)
    beside = zip(found, looking.before(asked, site, found), strict=True)
    return RowsOut(
        total=total, rows=[CountingOut(**_told(one), replaced=list(map(_told, before))) for one, before in beside]
    )


def _told(one: dict) -> dict:
    instants = {name: one[name].replace(tzinfo=UTC) for name in ("received_at", "replaced_at") if name in one}
    return one | instants | {"value": shapes.number(one["value"])}


@router.get(SITE + "/rows.xlsx", **filed(XLSX))
def download_rows(request, programme: str, site: str, wanted: Query[RowsAsked]):
    """一个点位的原始数据，Excel。 The raw rows of a site as a workbook."""
    return exported(*_site(request, programme, site), _wanted(site, wanted))


@router.get(SITE + "/origins", response=answers(list[OriginOut]))
def list_origins(request, programme: str, site: str, wanted: Query[RowsAsked]):
    """一个点位的数据从哪里来：各来源的行数、可用数、入库时间。 Where the rows of a site came from, by item and source."""
    found = looking.origins(*_asked(request, programme, site, wanted))
    return [OriginOut(**one | {"received": one["received"].replace(tzinfo=UTC)}) for one in found]
