from django.db import migrations

from qingshan.config.frozen import Kept, Refuse

# A published sheet keeps its period, lines and times; a signed or withdrawn one everything.
FIXED = ("programme_id", "run_id", "rules_id", "period", "since", "until", "as_of", "cutoff", "code_version", "demonstration",
         "published_on", "open_until")  # fmt: skip
DIFFERS = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FIXED)
CHANGED = f"OLD.state IN ('final', 'withdrawn') OR (OLD.state = 'published' AND ({DIFFERS} OR NEW.state = 'draft'))"
# A withdrawn sheet does not stand in the way of another one of its period.
STANDING = "stands.programme_id = NEW.programme_id AND stands.period = NEW.period AND stands.state <> 'withdrawn'"


class Migration(migrations.Migration):
    dependencies = [("scores", "0001_tables")]
    operations = [Refuse(
        Kept("scores_sheet", "a published score sheet stays", update=CHANGED, delete="OLD.state <> 'draft'", same=(STANDING,)),
        Kept("scores_rules", "a changed edition of the rules is a new row"),
        Kept("scores_objection", "an objection stays as it was made", same=(("sheet_id", "body_id", "line"),)),
        Kept("scores_answer", "an answer stays as it was given", same=(("objection_id",),)),
        Kept("scores_consent", "a consent stays as it was given", same=(("sheet_id", "body_id"),)),
    )]
