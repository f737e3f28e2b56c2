"""What a version was judged by is never changed: its set, the criteria and levels of it, nor which set that was."""

from django.db import migrations

from journal.guards import keep_rows

JUDGED = "EXISTS (SELECT 1 FROM models_registry_dossierversion v WHERE v.criterion_set_id = OLD.{})"
BOUND_ELSEWHERE = "OLD.criterion_set_id <> COALESCE(NEW.criterion_set_id, 0)"


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0003_measure_units_and_holidays")]

    operations = [
        keep_rows("models_registry_criterionset", when=JUDGED.format("id")),
        keep_rows(
            "models_registry_criterion", when=JUDGED.format("criterion_set_id"), before="INSERT UPDATE DELETE"
        ),
        keep_rows("models_registry_dossierversion", when=BOUND_ELSEWHERE, before="UPDATE"),
    ]
