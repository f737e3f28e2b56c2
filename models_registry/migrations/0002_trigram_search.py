"""Trigram indexes for search on PostgreSQL; where the extension may not be made, search still works, only slower."""

from django.db import migrations, transaction
from django.db.utils import DatabaseError

INDEXES = {
    "dossier_folded_trigram": "models_registry_dossier",
    "item_folded_trigram": "models_registry_workitem",
}


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    for name, table in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin (folded gin_trgm_ops)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    replaces = [("models_registry", "0009_trigram_search")]
    dependencies = [("models_registry", "0031_tally_by_id")]

    operations = [migrations.RunPython(make, drop)]
