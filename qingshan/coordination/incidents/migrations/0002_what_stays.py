from django.db import migrations

from qingshan.config.frozen import Kept, Refuse

# Calls and events are only ever added to, and to a closed incident nothing is; of an incident itself closing is the one change.
INCIDENT, WHY = "incidents_incident", "the course of an incident is kept as it was written"
FIXED = ("programme_id", "ordinal", "drill", "kind", "title", "place", "lon", "lat", "began_at", "opened_at", "opened_by_id", "simulated")  # fmt: skip
DIFFERS = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FIXED)
CLOSED = f"EXISTS (SELECT 1 FROM {INCIDENT} i WHERE i.id = NEW.incident_id AND i.closed_at IS NOT NULL)"


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_tables")]
    operations = [Refuse(
        Kept(INCIDENT, WHY, update=f"OLD.closed_at IS NOT NULL OR {DIFFERS}", same=(("programme_id", "ordinal"),)),
        Kept("incidents_call", WHY, insert=CLOSED, same=(("incident_id", "entry_id"),)),
        Kept("incidents_event", WHY, insert=CLOSED, same=(("call_id", "kind"),)),
    )]
