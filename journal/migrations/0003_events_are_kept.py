from django.db import migrations

from journal.guards import keep_rows


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_jobs_and_leases")]

    operations = [keep_rows("journal_event")]
