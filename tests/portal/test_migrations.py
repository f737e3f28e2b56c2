import pytest
from django.db import connection
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

APPS = ["organizations", "journal", "models_registry", "reviews", "progress", "completion"]


@pytest.mark.parametrize("app", APPS)
def test_a_database_that_stopped_among_the_migrations_of_before_is_refused(db, app):
    tables = MigrationLoader(connection).replacements[app, "0001_tables"]
    MigrationRecorder(connection).record_unapplied(*tables.replaces[-1])
    with pytest.raises(NodeNotFoundError, match=f"{app}.0001_tables"):
        MigrationLoader(connection)
