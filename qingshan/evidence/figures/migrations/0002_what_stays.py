from django.db import migrations

from qingshan.config.frozen import Kept, Refuse


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_tables")]
    operations = [Refuse(
        Kept("figures_series", "a definition is changed by a later row"),  # old runs are computed anew by it
        Kept("figures_figure", "a figure is corrected by a later row"),
        Kept("figures_item", "an item is corrected by a later row"),
    )]
