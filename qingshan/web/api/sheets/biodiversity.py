"""How many kinds live where: the indices of each survey, from the counts of its occurrences."""

from datetime import date

from django.http import Http404
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from qingshan.evidence.registers import queries
from qingshan.standards.biodiversity import VERIFICATION
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.api.sheets import router
from qingshan.web.pages import programme_for
from qingshan.web.surveys import surveys_of


class SurveyOut(Schema):
    """A survey with its indices; `name` is null for all surveys together. `uncounted`: records without a number of individuals."""

    name: str | None
    since: date
    until: date
    records: int
    uncounted: int
    counts: dict[str, int] = Field(description="individuals of each species")
    species: int
    individuals: int
    shannon: schemas.Number | None = Field(description="H′ [nats]")
    simpson: schemas.Number | None = Field(description="1 − Σ pᵢ²")
    simpson_unbiased: schemas.Number | None
    pielou: schemas.Number | None


class BiodiversityOut(Schema):
    """`verification`: how far the rule of the indices has been verified."""

    register_code: str
    as_of: date
    simulated: bool
    verification: str
    surveys: list[SurveyOut]


@router.get("/programmes/{slug:programme}/biodiversity", response=answers(BiodiversityOut))
def read_biodiversity(
    request, programme: str, as_of: schemas.Day | None = None, group: str = Query("", max_length=40)
):  # fmt: skip
    """各次调查的物种数和多样性指数。 Species and diversity of each survey: Shannon, Simpson, Pielou."""
    programme = programme_for(request, programme)
    definition = queries.serving(programme, "occurrences")
    if definition is None:
        raise Http404
    today = timezone.localdate()
    day = min(as_of or today, today)
    rows = queries.revisions_as_of(programme, definition.code, day, timezone.now())
    return BiodiversityOut(
        register_code=definition.code, as_of=day, simulated=rows.filter(origin="simulated").exists(), verification=VERIFICATION,
        surveys=[_survey(one) for one in surveys_of(rows, group)],
    )  # fmt: skip


def _survey(one: dict) -> SurveyOut:
    made = one["made"]
    indices = {
        name: shapes.number(getattr(made, name)) for name in ("shannon", "simpson", "simpson_unbiased", "pielou")
    }
    return SurveyOut(
        name=one["name"], since=one["from"], until=one["to"], records=one["records"], uncounted=one["uncounted"],
        counts=dict(one["species"]), species=made.species, individuals=made.individuals, **indices,
    )  # fmt: skip
