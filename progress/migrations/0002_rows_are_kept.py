from django.db import migrations

from journal.guards import keep_rows


class Migration(migrations.Migration):
    replaces = [("progress", "0004_quarterly_checks")]
    dependencies = [("progress", "0010_report_exemptions")]

    operations = [keep_rows("progress_quarterlycheck")]
