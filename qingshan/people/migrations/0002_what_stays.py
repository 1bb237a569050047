from django.db import migrations

from qingshan.config.frozen import Kept, Refuse


class Migration(migrations.Migration):
    dependencies = [("people", "0001_tables")]
    operations = [Refuse(
        Kept("people_auditline", "the audit trail is only ever added to", same=(("seal",),)),
    )]
