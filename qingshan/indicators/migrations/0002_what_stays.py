from django.db import migrations

from qingshan.config.frozen import Kept, Refuse

WHY = "a definition is changed by a later row"  # old runs are computed anew by it


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_tables")]
    operations = [Refuse(
        Kept("indicators_metric", WHY), Kept("indicators_unit", WHY),
    )]
