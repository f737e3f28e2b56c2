from django.db import migrations

from journal.guards import keep_rows


class Migration(migrations.Migration):
    replaces = [("journal", "0003_events_are_kept"), ("journal", "0008_links")]
    dependencies = [("journal", "0009_notice_choices")]

    operations = [
        keep_rows("journal_link", before="UPDATE DELETE TRUNCATE"),
        keep_rows("journal_event", before="UPDATE DELETE TRUNCATE"),
    ]
