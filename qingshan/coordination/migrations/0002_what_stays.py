from django.db import migrations

from qingshan.config.frozen import Kept, Refuse, within

ADDED, MINUTES = "this is only ever added to", "signed minutes are frozen"
MEETING, ITEM = "coordination_meeting", "coordination_agendaitem"
SIGNED = "OLD.signed_at IS NOT NULL"


def item_of_signed(row):
    return f"EXISTS (SELECT 1 FROM {MEETING} m WHERE m.id = {row}.meeting_id AND m.signed_at IS NOT NULL)"


def decision_of_signed(row):
    return (f"EXISTS (SELECT 1 FROM {ITEM} i JOIN {MEETING} m ON m.id = i.meeting_id "
            f"WHERE i.id = {row}.item_id AND m.signed_at IS NOT NULL)")


class Migration(migrations.Migration):
    dependencies = [("coordination", "0001_tables")]
    operations = [Refuse(
        Kept("coordination_rulebook", ADDED, same=(("programme_id", "version"),)),
        Kept("coordination_alert", ADDED, same=(("programme_id", "kind", "key", "episode", "level"),)),
        Kept("coordination_alertstep", ADDED, same=(("alert_id", "kind"),)),
        Kept("coordination_handling", ADDED),
        Kept(MEETING, MINUTES, update=SIGNED, delete=SIGNED, same=(("programme_id", "ordinal"),)),
        Kept(ITEM, MINUTES, **within(item_of_signed)),
        Kept("coordination_decision", MINUTES, **within(decision_of_signed), same=(("item_id",),)),
    )]
