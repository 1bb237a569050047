"""Nothing is forgotten: every table of the database is in the backup, or stands in the list of those left out with its reason."""

import pytest
from django.apps import apps
from django.db import connection

from qingshan.backup.queries import LEFT_OUT, columns, files_of, folders, tables


@pytest.mark.django_db
def test_every_table_of_the_database_is_taken_or_left_out_with_a_reason():
    models = {one._meta.label_lower: one for one in apps.get_models(include_auto_created=True)}
    taken = {one._meta.db_table for one in tables()}
    left_out = {models[name]._meta.db_table for name in LEFT_OUT if name in models}
    assert set(connection.introspection.table_names()) == taken | left_out | {"django_migrations"}
    assert not taken & left_out and all(LEFT_OUT.values())


def test_no_table_of_ours_is_left_out_but_the_two_that_hold_nothing():
    """Django makes them for every account; what someone may do is said by their role."""
    foreign = {"sessions", "contenttypes", "auth", "axes"}
    assert {name for name in LEFT_OUT if name.split(".")[0] not in foreign} == {
        "people.user_groups",
        "people.user_user_permissions",
    }


def test_a_table_comes_after_those_it_refers_to():
    before = set()
    for model in tables():
        needs = {one.remote_field.model for one in columns(model) if one.remote_field} - {model}
        assert needs <= before, model
        before.add(model)


def test_no_time_is_set_by_being_stored():
    """Such a column would say when a row was restored."""
    own = [
        one
        for model in tables()
        for one in columns(model)
        if getattr(one, "auto_now", 0) or getattr(one, "auto_now_add", 0)
    ]
    assert own == []


def test_the_log_of_commits_comes_first_and_half_written_files_not_at_all(tmp_path):
    for name in ("t/part-1.parquet", "t/_delta_log/0.json", "a", "tmpab12", "t/.tmp_x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert [path.relative_to(tmp_path).as_posix() for path in files_of(tmp_path)] == [
        "t/_delta_log/0.json",
        "a",
        "t/part-1.parquet",
    ]


def test_uploads_and_observations_are_taken():
    assert {"files", "observations"} <= folders().keys()
