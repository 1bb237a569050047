"""A revision may change in one way only: a field that tells of people, as the register's definition says, is taken out after
its redaction has been put on record. Redactions themselves are only ever added."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHY = "a revision of an entry is never changed"
KEPT = "a redaction is only ever added"
COLUMNS = (
    "id", "version", "state", "reached", "body_id", "lon", "lat", "geometry", "tile", "origin", "source", "withdrawn", "known_on",
    "effective_on", "programme_id", "register", "entry_id", "number", "why", "recorded_at", "recorded_by_id",
)  # fmt: skip
SQLITE = f"""
CREATE TRIGGER registers_revision_refuse_update BEFORE UPDATE ON registers_revision FOR EACH ROW WHEN NOT (
    {" AND ".join(f"NEW.{name} IS OLD.{name}" for name in COLUMNS)} AND EXISTS (
        SELECT 1 FROM registers_redaction AS told WHERE told.entry_id = OLD.entry_id
        AND NEW.data IS JSON_REMOVE(OLD.data, '$.' || told.field)
        AND EXISTS (
            SELECT 1 FROM registers_register AS kept, JSON_EACH(kept.definition, '$.fields') AS one
            WHERE kept.programme_id = OLD.programme_id AND kept.code = OLD.register
            AND JSON_EXTRACT(one.value, '$.code') = told.field AND JSON_EXTRACT(one.value, '$.personal')
        )
    )
) BEGIN SELECT RAISE(ABORT, '{WHY}'); END
"""
POSTGRES = f"""
CREATE OR REPLACE FUNCTION registers_revision_refuse_update() RETURNS trigger AS $$ BEGIN
    IF to_jsonb(NEW) - 'data' = to_jsonb(OLD) - 'data' AND EXISTS (
        SELECT 1 FROM registers_redaction AS told WHERE told.entry_id = OLD.entry_id
        AND NEW.data = OLD.data - told.field::text
        AND EXISTS (
            SELECT 1 FROM registers_register AS kept, jsonb_array_elements(kept.definition -> 'fields') AS one
            WHERE kept.programme_id = OLD.programme_id AND kept.code = OLD.register
            AND one ->> 'code' = told.field AND (one ->> 'personal')::boolean
        )
    ) THEN RETURN NEW; END IF;
    RAISE EXCEPTION '{WHY}' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql
"""
PLAIN = {
    "sqlite": f"CREATE TRIGGER registers_revision_refuse_update BEFORE UPDATE ON registers_revision FOR EACH ROW BEGIN SELECT RAISE(ABORT, '{WHY}'); END",
    "postgresql": "CREATE OR REPLACE FUNCTION registers_revision_refuse_update() RETURNS trigger AS $$ BEGIN "
    f"RAISE EXCEPTION '{WHY}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql",
}


def add(apps, schema_editor):
    run = schema_editor.execute
    if schema_editor.connection.vendor == "postgresql":
        run(POSTGRES)
        run("CREATE FUNCTION registers_redaction_refuse() RETURNS trigger AS $$ BEGIN "
            f"RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql")  # fmt: skip
        run("CREATE TRIGGER registers_redaction_refuse BEFORE UPDATE OR DELETE ON registers_redaction FOR EACH ROW EXECUTE FUNCTION registers_redaction_refuse()")
        run("CREATE TRIGGER registers_redaction_refuse_truncate BEFORE TRUNCATE ON registers_redaction EXECUTE FUNCTION registers_redaction_refuse()")
        return
    run("DROP TRIGGER registers_revision_refuse_update")
    run(SQLITE)
    for verb in ("UPDATE", "DELETE"):
        run(f"CREATE TRIGGER registers_redaction_refuse_{verb.lower()} BEFORE {verb} ON registers_redaction FOR EACH ROW "
            f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END")  # fmt: skip
    run("CREATE TRIGGER registers_redaction_refuse_replace BEFORE INSERT ON registers_redaction FOR EACH ROW "
        f"WHEN EXISTS (SELECT 1 FROM registers_redaction WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{KEPT}'); END")  # fmt: skip


def remove(apps, schema_editor):
    run = schema_editor.execute
    if schema_editor.connection.vendor == "postgresql":
        run(PLAIN["postgresql"])
        for name in ("registers_redaction_refuse_truncate", "registers_redaction_refuse"):
            run(f"DROP TRIGGER {name} ON registers_redaction")
        run("DROP FUNCTION registers_redaction_refuse()")
        return
    for name in ("update", "delete", "replace"):
        run(f"DROP TRIGGER registers_redaction_refuse_{name}")
    run("DROP TRIGGER registers_revision_refuse_update")
    run(PLAIN["sqlite"])


class Migration(migrations.Migration):

    dependencies = [
        ('registers', '0003_tallies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=40)),
                ('due_on', models.DateField()),
                ('why', models.CharField(blank=True, max_length=400)),
                ('recorded_at', models.DateTimeField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='registers.entry')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['entry', 'id'],
            },
        ),
        migrations.RunPython(add, remove),
    ]
