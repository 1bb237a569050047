"""From what the house keeps to the shapes of the API."""

from decimal import Decimal

from qingshan.evidence.registers.sight import Sight
from qingshan.web.api import schemas


def words(thing, name: str = "name") -> schemas.Words:
    zh = getattr(thing, name) or ""
    return schemas.Words(zh=zh, en=getattr(thing, f"{name}_en", "") or zh)


def number(value: Decimal | None) -> str | None:
    """Without exponent and idle zeros."""
    if value is None:
        return None
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def person(user) -> schemas.Person | None:
    if user is None:
        return None
    return schemas.Person(account=user.username, name=str(user), body=user.body.code if user.body_id else None)


def body_name(one) -> schemas.BodyName | None:
    return one and schemas.BodyName(code=one.code, name=words(one))


def same(row, model: type, *names: str) -> dict:
    """The fields of `model` that the row has under the same name."""
    return {name: getattr(row, name) for name in names or model.model_fields if hasattr(row, name)}


def part(one) -> schemas.Part:
    return schemas.Part(printed=one.printed, body=one.body.code if one.body_id else None, part=one.part)


def figure(row) -> schemas.FigureOut:
    given = same(row, schemas.FigureOut) | {"value": number(row.value), "recorded_by": person(row.recorded_by)}
    return schemas.FigureOut(**given)


def item(row) -> schemas.ItemOut:
    given = same(row, schemas.ItemOut) | {"value": number(row.value), "recorded_by": person(row.recorded_by)}
    return schemas.ItemOut(**given)


def series(row) -> schemas.SeriesOut:
    return schemas.SeriesOut(**same(row, schemas.SeriesOut) | {"name": words(row)})


def entry(row, sees: Sight, kind: type = schemas.EntryOut, **more):
    """A row of a register, already as its reader sees it (`as_seen`)."""
    fixed = {"hidden": sorted(row.hidden), "body": row.body.code if row.body_id else None}
    return kind(**same(row, schemas.EntryOut) | fixed | more)
