from django.db import migrations, models

from journal.guards import keep_rows


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_signals")]

    operations = [
        migrations.AddField("sessionpoint", "edition", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField("issuedpaper", "place", models.CharField(default="", max_length=60), preserve_default=False),
        keep_rows("reviews_issuedpaper"),
    ]
