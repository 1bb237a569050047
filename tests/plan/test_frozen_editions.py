"""An adopted edition is frozen by the database itself: run on the database in use."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from qingshan.plan.actions import adopt, discard, put_edition
from qingshan.plan.contents import EditionContent, MeasureContent, TargetContent, TaskContent, ThemeContent
from qingshan.plan.models import Edition, Involvement, Measure, Target, Task, Theme
from tests.district import person, programme

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
PARTS = {Theme: "title", Task: "title", Target: "name", Measure: "title", Involvement: "printed"}


def content(digest: str) -> EditionContent:
    return EditionContent(
        title="试验计划", starts=FIRST, ends=LAST, origin="试验.txt", digest=digest, themes=[ThemeContent(1, "水体")],
        tasks=[TaskContent("1", "治理河道", theme=1, bodies=["水务局"], measures=[MeasureContent("封堵排口")])],
        targets=[TargetContent("1", "d01", "优良断面比例", "lower_bound", ">=", Decimal(85), "%", FIRST, LAST)],
    )  # fmt: skip


def adopted(digest="a") -> Edition:
    return put_edition(by=None, programme=programme(), content=content(digest))


def drafted() -> Edition:
    """A copy of the content as a draft, part by part."""
    edition = Edition.objects.create(programme=programme(), ordinal=9, title="草稿", starts=FIRST, ends=LAST, origin="x", digest="d",
                                     created_at=datetime(2025, 1, 1, tzinfo=UTC))  # fmt: skip
    theme = Theme.objects.create(edition=edition, no=1, title="水体")
    task = Task.objects.create(edition=edition, theme=theme, no="1", order=0, title="治理河道")
    Measure.objects.create(task=task, order=0, title="封堵排口")
    Involvement.objects.create(task=task, printed="水务局")
    Target.objects.create(
        edition=edition, task=task, code="d01", order=0, name="优良断面比例", kind="lower_bound", starts=FIRST, due=LAST
    )
    return edition


def of(edition: Edition, part):
    return part.objects.get(**{"edition" if hasattr(part, "edition_id") else "task__edition": edition})


def refuses(act) -> None:
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        act()


def sql(text: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)


@pytest.mark.parametrize("part", PARTS)
def test_nothing_an_adopted_edition_holds_can_be_changed_deleted_or_added(part):
    row, name = of(adopted(), part), PARTS[part]
    refuses(lambda: part.objects.filter(pk=row.pk).update(**{name: "改"}))
    refuses(lambda: sql(f"UPDATE {part._meta.db_table} SET {name} = '改' WHERE id = %s", row.pk))
    refuses(lambda: part.objects.filter(pk=row.pk)._raw_delete("default"))
    refuses(lambda: sql(f"DELETE FROM {part._meta.db_table} WHERE id = %s", row.pk))
    row.pk, row._state.adding = None, True
    refuses(row.save)


@pytest.mark.parametrize("part", PARTS)
def test_nothing_moves_into_or_out_of_an_adopted_edition(part):
    standing, draft = adopted(), drafted()
    owner = "edition_id" if hasattr(part, "edition_id") else "task_id"
    for source, target in ((standing, draft), (draft, standing)):
        row, there = of(source, part), of(target, part)
        refuses(lambda row=row, there=there: part.objects.filter(pk=row.pk).update(**{owner: getattr(there, owner)}))
    if connection.vendor == "sqlite":
        columns = [field.column for field in part._meta.concrete_fields]
        chosen = ", ".join("%s" if name == "id" else f'"{name}"' for name in columns)
        row, free = of(standing, part), of(draft, part)
        refuses(lambda: sql(f"INSERT OR REPLACE INTO {part._meta.db_table} SELECT {chosen} FROM {part._meta.db_table} WHERE id = {free.pk}", row.pk))  # fmt: skip


def columns() -> list[str]:
    return [field.name for field in Edition._meta.concrete_fields if field.name not in ("id", "state", "superseded_at")]


@pytest.mark.parametrize("name", columns())
def test_no_column_of_an_adopted_edition_changes(name):
    edition = adopted()
    other = {"programme": programme("other"), "created_by": person("office"), "adopted_by": person("office", "office2")}
    field = Edition._meta.get_field(name)
    new = other.get(name) or {"CharField": "改", "TextField": "改", "DateField": date(2030, 1, 1), "JSONField": [1],
                              "DateTimeField": datetime(2030, 1, 1, tzinfo=UTC)}.get(field.get_internal_type(), 77)  # fmt: skip
    refuses(lambda: Edition.objects.filter(pk=edition.pk).update(**{name: new}))


def test_the_row_of_an_adopted_edition_cannot_go():
    edition = adopted()
    refuses(lambda: sql("DELETE FROM plan_edition WHERE id = %s", edition.pk))
    refuses(edition.delete)
    if connection.vendor == "sqlite":
        refuses(lambda: sql("INSERT OR REPLACE INTO plan_edition SELECT * FROM plan_edition WHERE id = %s", edition.pk))


@pytest.mark.parametrize("state", ["draft", "discarded"])
def test_an_adopted_edition_cannot_be_made_a_draft_again(state):
    edition = adopted()
    refuses(lambda: Edition.objects.filter(pk=edition.pk).update(state=state))
    refuses(lambda: Edition.objects.filter(pk=edition.pk).update(superseded_at=datetime(2030, 1, 1, tzinfo=UTC)))


def test_a_later_edition_supersedes_and_the_old_one_stays_as_it_was():
    old, new = adopted("a"), adopted("b")
    old.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "adopted") and old.superseded_at == new.adopted_at
    refuses(lambda: Edition.objects.filter(pk=old.pk).update(state="adopted", superseded_at=None))
    refuses(lambda: Edition.objects.filter(pk=old.pk).update(superseded_at=datetime(2030, 1, 1, tzinfo=UTC)))
    refuses(lambda: Target.objects.filter(edition=old).update(value=1))


def test_a_draft_can_be_edited_and_adopted_or_discarded():
    edition = drafted()
    for part, name in PARTS.items():
        assert part.objects.filter(pk=of(edition, part).pk).update(**{name: "改"}) == 1
    of(edition, Target).delete()
    edition.title = "改"
    edition.save()
    assert adopt(by=person("office"), edition=edition).state == "adopted"
    refuses(lambda: Edition.objects.filter(pk=edition.pk).update(title="再改"))


def test_a_discarded_draft_stays_on_record_as_it_was():
    edition = drafted()
    discard(by=person("office"), edition=edition)
    refuses(lambda: Task.objects.filter(edition=edition).update(title="改"))
    refuses(lambda: Edition.objects.filter(pk=edition.pk).update(state="draft"))


def test_a_draft_with_all_it_holds_can_be_deleted():
    drafted().delete()
    assert not any(part.objects.exists() for part in PARTS)
