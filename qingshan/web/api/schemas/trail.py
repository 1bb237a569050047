"""The audit trail."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class AuditOut(Schema):
    id: int
    at: datetime
    by: str
    role: str
    verb: str
    thing: str
    detail: dict[str, Any]
    seal: str


class AuditPage(Schema):
    after: int | None = Field(description="id to give as `before` for older lines; none at the end")
    lines: list[AuditOut]
