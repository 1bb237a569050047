"""Values under a flag, and what people say of them."""

from datetime import datetime
from typing import Literal

from django.conf import settings
from ninja import Query, Schema
from pydantic import Field

from qingshan.evidence.measurements import actions
from qingshan.evidence.measurements.queries import sites_of, verdicts_of
from qingshan.observations.quality import REVIEWED, VERDICTS, flagged
from qingshan.observations.store import Store
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers, written
from qingshan.web.api.measurements import router
from qingshan.web.api.measurements.deliveries import PLACE, measured_by
from qingshan.web.api.measurements.sites import Medium
from qingshan.web.views.deliveries import MOST_SHOWN

Period = Literal["hour", "day", "month", "sample"]
Flag = Literal[*REVIEWED]
Verdict = Literal[*VERDICTS]


class ValueOut(Schema):
    site: str
    item: str
    period: Period
    time: schemas.LocalTime
    value: schemas.Number
    unit: str


class FlaggedOut(ValueOut):
    """A value under a flag, who or what set it, and the values just before and after."""

    flag: Flag
    flagged_by: str
    source: str
    before: schemas.Number | None
    after: schemas.Number | None


class FlaggedPage(Schema):
    total: int = Field(description="how many there are; the newest are listed")
    values: list[FlaggedOut]


class ValueKey(Schema):
    """A value, and the flag under which it was seen."""

    site: str = Field(max_length=80)
    item: str = Field(max_length=40)
    period: Period
    time: schemas.LocalTime
    flag: Flag


class VerdictIn(Schema):
    medium: Medium
    verdict: Verdict
    why: str = Field(min_length=1, max_length=actions.LONGEST_WHY)
    values: list[ValueKey] = Field(min_length=1, max_length=MOST_SHOWN)


class VerdictsDone(Schema):
    judged: int


class ValueJudged(ValueOut):
    """A value that was judged; `was`: the flag it stood under."""

    was: str


class VerdictOut(Schema):
    """What someone said of values under a flag, as it stands in the audit trail."""

    line: int
    at: datetime
    by: str
    medium: Medium
    verdict: Verdict
    why: str
    values: list[ValueJudged]


@router.get(PLACE + "/flagged", response=answers(FlaggedPage))
def list_flagged(
    request, programme: str, medium: Medium, site: str = Query("", max_length=80), flag: Flag | None = None,
    limit: int = Query(100, ge=1, le=500),
):  # fmt: skip
    """带有标识、待审核的数值，新的在前。 Values under a flag that are to be judged, the newest first."""
    programme = measured_by(request, programme)
    codes = [one["code"] for one in sites_of(programme, medium) if site in ("", one["code"])]
    flags = [flag] if flag else list(REVIEWED)
    values, total = flagged(Store(settings.OBSERVATIONS), medium, codes, flags=flags, most=limit)
    return FlaggedPage(total=total, values=[_flagged(one) for one in values])


def _flagged(one) -> FlaggedOut:
    numbers = {name: shapes.number(getattr(one, name)) for name in ("value", "before", "after")}
    return FlaggedOut(**shapes.same(one, FlaggedOut) | numbers)


@router.get(PLACE + "/verdicts", response=answers(list[VerdictOut]))
def list_verdicts(request, programme: str, stretch: Query[schemas.Limit]):
    """审核记录，新的在前。 What was said of values under a flag, the newest first."""
    lines = verdicts_of(measured_by(request, programme))[stretch.skip : stretch.skip + stretch.limit]
    names = ("medium", "verdict", "why", "values")
    return [
        VerdictOut(line=one.pk, at=one.at, by=one.by, **{name: one.detail[name] for name in names}) for one in lines
    ]


@router.post(PLACE + "/verdicts", response=written(VerdictsDone))
def judge_values(request, programme: str, given: VerdictIn):
    """审核带标识的数值：确认有效或判定无效，须写理由；全部写入，或一个也不写。 Confirm or reject values under a flag, with the reason; all or none."""
    programme = measured_by(request, programme)
    keys = [(one.site, one.item, one.period, one.time, one.flag) for one in given.values]
    done = actions.review(
        by=request.user, programme=programme, medium=given.medium, keys=keys, verdict=given.verdict, why=given.why
    )
    return VerdictsDone(judged=done.corrected)
