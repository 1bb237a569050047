"""What a backup takes of the database, and a view of it that stands still while others write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, Model

from .archive import Unfit

SNAPSHOT = "snapshot"
BATCH = 2000

# Every table is taken but these, each for its reason.
LEFT_OUT = {
    "sessions.session": "people sign in again",
    "contenttypes.contenttype": "made by the migrations",
    "auth.permission": "made by the migrations",
    "auth.group": "not used: a role says what someone may do",
    "auth.group_permissions": "not used: a role says what someone may do",
    "people.user_groups": "not used: a role says what someone may do",
    "people.user_user_permissions": "not used: a role says what someone may do",
    "axes.accessattempt": "counts failed sign-ins of the last hour",
    "axes.accessattemptexpiration": "counts failed sign-ins of the last hour",
    "axes.accessfailurelog": "counts failed sign-ins of the last hour",
    "axes.accesslog": "counts failed sign-ins of the last hour",
}


def tables() -> list[type[Model]]:
    """The models whose rows a backup holds, each after those it refers to."""
    taken = [
        one
        for one in apps.get_models(include_auto_created=True)
        if one._meta.managed and not one._meta.proxy and one._meta.label_lower not in LEFT_OUT
    ]
    return _after_what_they_refer_to(sorted(taken, key=lambda one: one._meta.label_lower))


def _after_what_they_refer_to(models: list[type[Model]]) -> list[type[Model]]:
    found: list[type[Model]] = []

    def visit(model: type[Model], on_the_way: tuple = ()) -> None:
        if model in found or model in on_the_way or model not in models:
            return
        for field in columns(model):
            if field.remote_field:
                visit(field.remote_field.model, (*on_the_way, model))
        found.append(model)

    for model in models:
        visit(model)
    return found


def columns(model: type[Model]) -> list[Field]:
    return [one for one in model._meta.concrete_fields if not one.generated]


def folders() -> dict[str, Path]:
    """The folders of a home that a backup holds beside the database, by their name in the archive."""
    return {name: Path(place) for name, place in settings.BACKED_UP.items()}


@contextmanager
def snapshot() -> Iterator[None]:
    """The database as it is at this moment, to be read as `using(SNAPSHOT)` while others go on writing."""
    own = connection.settings_dict | {"CONN_MAX_AGE": 0}
    if connection.vendor == "sqlite":  # a transaction that takes no writer's lock
        own["OPTIONS"] = own.get("OPTIONS", {}) | {"transaction_mode": "DEFERRED"}
    connections.settings[SNAPSHOT] = own
    try:
        with transaction.atomic(using=SNAPSHOT):
            if connection.vendor == "postgresql":
                with connections[SNAPSHOT].cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        connections[SNAPSHOT].close()
        del connections[SNAPSHOT], connections.settings[SNAPSHOT]


def rows_of(model: type[Model]) -> Iterator[tuple]:
    names = [one.attname for one in columns(model)]
    found = model._base_manager.using(SNAPSHOT).order_by("pk").values_list(*names)
    return found.iterator(chunk_size=BATCH)


def count_of(model: type[Model]) -> int:
    return model._base_manager.using(SNAPSHOT).count()


def migrations(using: str) -> list[list[str]]:
    """The steps that made the tables, as this version knows them; those that a later one stands for are not among them."""
    loader = MigrationLoader(connections[using])
    return sorted([app, name] for app, name in loader.applied_migrations.keys() & loader.disk_migrations.keys())


def files_of(folder: Path) -> list[Path]:
    """The files below a folder; a table's log of commits first, since files are there before the log speaks of them.

    Files still being written (.tmp…, tmp…) are not yet part of anything.
    """
    found = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    whole = [path for path in found if not path.name.lstrip(".").startswith("tmp")]
    return sorted(whole, key=lambda path: ("_delta_log" not in path.parts, path.as_posix()))


def occupied() -> None:
    """Raise Unfit unless the database and the folders of this home are empty."""
    for model in tables():
        if count := model._base_manager.count():
            raise Unfit(
                f"这里已有内容（{model._meta.db_table} 有 {count} 行），只能恢复到空的数据库。请用 QINGSHAN_HOME 指定新的文件夹，"
                "或用 DATABASE_URL 指定新的数据库。",
                f"There is content here ({model._meta.db_table} has {count} rows); a backup is restored into an empty database only. "
                "Name a new folder with QINGSHAN_HOME, or a new database with DATABASE_URL.",
            )
    for place in folders().values():
        if place.is_dir() and any(place.iterdir()):
            raise Unfit(
                f"文件夹 {place} 不是空的，不能恢复。",
                f"The folder {place} is not empty; nothing can be restored into it.",
            )
