"""What waits for someone, and how they want to be written to."""

from datetime import date
from typing import Literal

from ninja import Query, Router, Schema
from pydantic import Field

from qingshan.coordination import actions, queries
from qingshan.coordination.models import Seen
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers, written
from qingshan.web.coordination import language_of

router = Router(tags=["收件箱 inbox"])
Email = Field("", max_length=120, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$", description="name@example.org, or empty")


class NoticeOut(Schema):
    """`closed`: what it tells of is mended; `address`: name of the page behind it, and its arguments."""

    number: int
    programme: str
    kind: str
    subject: schemas.Words
    told: schemas.Words
    address: list[str]
    on: date
    read: bool
    closed: bool
    simulated: bool


class ReadIn(Schema):
    notices: list[schemas.Id] = Field([], max_length=500, description="numbers of notices; all where none are named")


class ReadOut(Schema):
    read: int


class Preference(Schema):
    email: str = Email
    language: Literal["zh-hans", "en"] = "zh-hans"
    by_mail: bool = True


@router.get("/inbox", response=answers(list[NoticeOut]))
def list_notices(request, limit: Query[schemas.Limit]):
    """收件箱，新的在前。 What was sent to one's role or body, the newest first."""
    found = list(queries.inbox(request.user)[limit.skip : limit.skip + limit.limit])
    seen = set(Seen.objects.filter(user=request.user, notice__in=found).values_list("notice_id", flat=True))
    return [_notice(one, one.pk in seen) for one in found]


def _notice(one, read: bool) -> NoticeOut:
    told = {"number": one.pk, "programme": one.programme.code, "address": [str(part) for part in one.address]}
    return NoticeOut(**shapes.same(one, NoticeOut) | told, read=read, closed=bool(one.alert and one.alert.closed))


@router.post("/inbox/read", response=written(ReadOut))
def read_notices(request, given: ReadIn):
    """标为已读；不写编号则全部。 Mark notices as read, all where none are named."""
    mine = queries.inbox(request.user)
    found = mine.filter(pk__in=given.notices) if given.notices else None
    return ReadOut(read=actions.read_notices(by=request.user, notices=found))


@router.get("/inbox/preference", response=answers(Preference))
def read_preference(request):
    """本人的邮箱、邮件语言、是否收每日摘要。 The address and language of one's mail, and whether the daily digest is sent."""
    wants = getattr(request.user, "preference", None)
    return Preference.model_construct(
        email=request.user.email, language=language_of(request.user), by_mail=wants.by_mail if wants else True
    )


@router.put("/inbox/preference", response=written(Preference))
def set_preference(request, given: Preference):
    """更改本人的邮箱和摘要。 Change one's address, language and the daily digest."""
    actions.set_preference(by=request.user, **given.model_dump())
    return given
