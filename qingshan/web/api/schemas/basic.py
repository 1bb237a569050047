"""What all shapes are made of. Exact numbers are text, since a JSON number would be read back as a float."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field, NaiveDatetime, WithJsonSchema


def _written_out(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("a day is written 2026-12-31")
    return value


# A day that comes in; a bare number would else be taken for seconds since 1970.
Day = Annotated[date, BeforeValidator(_written_out)]
TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?$"


def _at_the_site(value: Any) -> Any:
    if not isinstance(value, datetime) and not (isinstance(value, str) and re.fullmatch(TIME, value, re.ASCII)):
        raise ValueError("a time is written 2026-12-31T08:00:00, without a zone")
    return value


# The start of a measurement's period; a zone would have to be turned into the site's own.
LocalTime = Annotated[
    NaiveDatetime, BeforeValidator(_at_the_site),
    WithJsonSchema({"type": "string", "pattern": TIME, "description": "local standard time of the site"}),
]  # fmt: skip
Number = str
Id = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Short = Field("", max_length=400)
Revision = Field(ge=1, le=2**31 - 1, description="the number of the revision that was looked at")
Status = Literal["attained", "on_track", "at_risk", "off_track", "not_yet_due", "no_data"]
Value = str | int | bool | None


class Limit(Schema):
    """A stretch of a list."""

    skip: int = Field(0, ge=0, le=100_000)
    limit: int = Field(50, ge=1, le=500)


class Words(Schema):
    zh: str
    en: str


class BodyName(Schema):
    code: str
    name: Words


class Person(Schema):
    """Someone who wrote something, by account and name."""

    account: str
    name: str
    body: str | None


class Reason(Schema):
    why: str = Field(max_length=1000)
