from django.db import migrations

from journal.guards import keep_rows


class Migration(migrations.Migration):
    replaces = [("organizations", "0005_head_counts")]
    dependencies = [("organizations", "0008_delegation_and_names")]

    operations = [keep_rows("organizations_headcount")]
