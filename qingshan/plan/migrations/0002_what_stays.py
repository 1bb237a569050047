from django.db import migrations

from qingshan.config.frozen import Kept, Refuse, within

# An edition that is no longer a draft is frozen with all it holds; one step is left to it: an adopted one may be superseded.
WHY = "an adopted edition is frozen"
FIXED = ("id", "programme_id", "ordinal", "title", "title_en", "number", "issuer", "issued", "starts", "ends", "origin", "text", "digest", "unread", "created_by_id", "created_at", "adopted_by_id", "adopted_at")
DIFFERS = "(" + " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FIXED) + ")"
STAYS = "(NEW.state = OLD.state AND NOT (NEW.superseded_at IS DISTINCT FROM OLD.superseded_at))"
STEPS_DOWN = "(OLD.state = 'adopted' AND NEW.state = 'superseded' AND NEW.superseded_at IS NOT NULL)"


def of_edition(row):
    return f"EXISTS (SELECT 1 FROM plan_edition e WHERE e.id = {row}.edition_id AND e.state <> 'draft')"


def of_task(row):
    return (f"EXISTS (SELECT 1 FROM plan_task t JOIN plan_edition e ON e.id = t.edition_id "
            f"WHERE t.id = {row}.task_id AND e.state <> 'draft')")


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_tables")]
    operations = [Refuse(
        Kept("plan_edition", WHY, update=f"OLD.state <> 'draft' AND ({DIFFERS} OR NOT ({STAYS} OR {STEPS_DOWN}))", delete="OLD.state <> 'draft'"),
        *(Kept(table, WHY, **within(of_edition)) for table in ("plan_theme", "plan_task", "plan_target")),
        *(Kept(table, WHY, **within(of_task)) for table in ("plan_measure", "plan_involvement")),
    )]
