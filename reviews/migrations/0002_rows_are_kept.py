from django.db import migrations

from journal.guards import keep_rows


class Migration(migrations.Migration):
    replaces = [("reviews", "0008_place_of_papers")]
    dependencies = [("reviews", "0012_rules_and_absences")]

    operations = [keep_rows("reviews_issuedpaper")]
