from django.db import migrations, models


def by_section(apps, schema_editor):
    """A list of sections becomes {section: [what lacks]}; the section itself stands for what was not kept."""
    Dossier = apps.get_model("models_registry", "Dossier")
    for dossier in Dossier.objects.exclude(lacking=[]).only("lacking").iterator():
        dossier.lacking = {key: [key] for key in dossier.lacking}
        dossier.save(update_fields=["lacking"])
    Dossier.objects.filter(lacking=[]).update(lacking={})


def by_list(apps, schema_editor):
    Dossier = apps.get_model("models_registry", "Dossier")
    for dossier in Dossier.objects.only("lacking").iterator():
        dossier.lacking = list(dossier.lacking)
        dossier.save(update_fields=["lacking"])


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0018_member_obligations")]

    operations = [
        migrations.AlterField("dossier", "lacking", models.JSONField(default=dict)),
        migrations.RunPython(by_section, by_list),
    ]
