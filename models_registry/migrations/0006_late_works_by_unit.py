from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0005_sentences_of_the_tree")]

    operations = [
        migrations.RemoveIndex(model_name="workitem", name="item_overdue"),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                fields=["year", "unit", "due_in_force"],
                include=["id"],
                condition=models.Q(state="in_progress", excluded_at__isnull=True),
                name="item_late_of_unit",
            ),
        ),
    ]
