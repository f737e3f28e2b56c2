from django.db import migrations

from journal.guards import keep_rows

SEALED = "EXISTS (SELECT 1 FROM completion_revision r WHERE r.id = OLD.revision_id AND r.sealed)"
PLACE_SEALED = (
    "EXISTS (SELECT 1 FROM completion_frozenunit p JOIN completion_revision r ON r.id = p.revision_id "
    "WHERE p.id = OLD.place_id AND r.sealed)"
)
PERIOD_SEALED = "EXISTS (SELECT 1 FROM completion_revision r WHERE r.period_id = OLD.id AND r.sealed)"


class Migration(migrations.Migration):
    replaces = [("completion", "0002_sealed_rows_are_kept")]
    dependencies = [("completion", "0004_members_registered")]

    operations = [
        keep_rows("completion_period", when=PERIOD_SEALED),
        keep_rows("completion_revision", when="OLD.sealed"),
        keep_rows("completion_frozenunit", when=SEALED),
        keep_rows("completion_figure", when=PLACE_SEALED),
        keep_rows("completion_itemlist", when=PLACE_SEALED),
    ]
