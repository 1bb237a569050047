from django.db import migrations

from qingshan.config.frozen import NEVER, Kept, Refuse

# A revision may change in one way only: a field that tells of people, as the register's definition says, is taken out after its
# redaction has been put on record.
COLUMNS = (
    "id", "version", "state", "reached", "body_id", "lon", "lat", "geometry", "tile", "origin", "source", "withdrawn", "known_on",
    "effective_on", "programme_id", "register", "entry_id", "number", "why", "recorded_at", "recorded_by_id",
)
SAME = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in COLUMNS)
BUT_REDACTED = {
    "sqlite": f"""NOT ({SAME} AND EXISTS (
        SELECT 1 FROM registers_redaction AS told WHERE told.entry_id = OLD.entry_id
        AND NEW.data IS JSON_REMOVE(OLD.data, '$.' || told.field)
        AND EXISTS (
            SELECT 1 FROM registers_register AS kept, JSON_EACH(kept.definition, '$.fields') AS one
            WHERE kept.programme_id = OLD.programme_id AND kept.code = OLD.register
            AND JSON_EXTRACT(one.value, '$.code') = told.field AND JSON_EXTRACT(one.value, '$.personal')
        )))""",
    "postgresql": """NOT (to_jsonb(NEW) - 'data' = to_jsonb(OLD) - 'data' AND EXISTS (
        SELECT 1 FROM registers_redaction AS told WHERE told.entry_id = OLD.entry_id
        AND NEW.data = OLD.data - told.field::text
        AND EXISTS (
            SELECT 1 FROM registers_register AS kept, jsonb_array_elements(kept.definition -> 'fields') AS one
            WHERE kept.programme_id = OLD.programme_id AND kept.code = OLD.register
            AND one ->> 'code' = told.field AND (one ->> 'personal')::boolean
        )))""",
}


class Migration(migrations.Migration):
    dependencies = [("registers", "0002_words_are_found_by_pairs")]
    operations = [Refuse(
        Kept("registers_register", "a changed definition is a new version", same=(("programme_id", "code", "version"),)),
        Kept("registers_attachment", "an evidence file stays with its entry", same=(("entry_id", "sha256"),)),
        Kept("registers_redaction", "a redaction is only ever added"),
        # An entry is brought up to date by an insertion that meets its row, which no trigger tells from one that replaces it. What
        # replaces it under its id changes no more than an update may; under another, it leaves revisions without their entry,
        # which the foreign key refuses.
        Kept("registers_entry", "an entry is withdrawn, not removed", update=NEVER, same=(("programme_id", "register", "key"),), met=True),
        Kept("registers_revision", "a revision of an entry is never changed", update=BUT_REDACTED, same=(("entry_id", "number"),)),
    )]
