from django.db import migrations

from qingshan.config.frozen import Kept, Refuse, within

WHY = "an issued list is frozen"
LIST, AMENDMENT, ITEM, CHANGE = "annual_annuallist", "annual_amendment", "annual_item", "annual_change"
ISSUED, DATED = "OLD.state <> 'draft'", "OLD.issued_at IS NOT NULL"


def closed_to_item(row):
    """Into an issued list only an amendment in preparation writes, and only its own items."""
    return (f"NOT EXISTS (SELECT 1 FROM {LIST} l WHERE l.id = {row}.annual_id AND l.state = 'draft') AND NOT EXISTS (SELECT 1 "
            f"FROM {AMENDMENT} a WHERE a.id = {row}.amendment_id AND a.annual_id = {row}.annual_id AND a.issued_at IS NULL)")


def closed_to_change(row):
    return (f"NOT EXISTS (SELECT 1 FROM {AMENDMENT} a JOIN {ITEM} i ON i.annual_id = a.annual_id "
            f"WHERE a.id = {row}.amendment_id AND i.id = {row}.item_id AND a.issued_at IS NULL)")


class Migration(migrations.Migration):
    dependencies = [("annual", "0001_tables")]
    operations = [Refuse(
        Kept(LIST, WHY, update=ISSUED, delete=ISSUED, same=(("programme_id", "year"),)),
        Kept(AMENDMENT, WHY, update=DATED, delete=DATED, same=(("annual_id", "ordinal"),)),
        Kept(
            ITEM, WHY, **within(closed_to_item),
            same=(("annual_id", "measure_id"), ("annual_id", "target_id"), ("annual_id", "carried_from_id")),
        ),
        Kept(CHANGE, WHY, **within(closed_to_change), same=(("amendment_id", "item_id"),)),
        Kept("annual_completion", "what was said to be done is only ever added to"),
    )]
