from django.db import migrations

from qingshan.config.frozen import Kept, Refuse

SIGNED = "OLD.signed_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_tables")]
    operations = [Refuse(
        Kept("evaluation_run", "a signed evaluation run is immutable", update=SIGNED, delete=SIGNED),
    )]
