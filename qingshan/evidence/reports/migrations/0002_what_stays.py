from django.db import migrations

from qingshan.config.frozen import Kept, Refuse


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_tables")]
    operations = [Refuse(
        Kept("reports_version", "what was handed in stays as it is", same=(("report_id", "number"),)),
        Kept("reports_step", "a step of a report stays on record"),
        Kept("reports_entered", "the way back from a figure stays"),
        Kept("reports_schedule", "a schedule is changed by a later row"),
    )]
