"""What the application's role may do in PostgreSQL: everything it needs, and of the journal only to read and to add.

Who owns the tables migrates and grants; the portal runs as another role, which can neither change a kept row nor take
down the triggers that refuse it. One truth: what the migrations keep (`journal.guards.keep_rows`).
"""

from django.db.migrations.loader import MigrationLoader

# The application only reads what of the schema stands.
READ_ONLY = ("django_migrations",)


def kept_tables() -> list[str]:
    """Return the tables of which no row may ever change, whatever it holds."""
    loader = MigrationLoader(None)
    operations = [one for migration in loader.disk_migrations.values() for one in migration.operations]
    kept = [one.keeps for one in operations if hasattr(one, "keeps")]
    return sorted(table for table, when, before in kept if not when and {"UPDATE", "DELETE"} <= set(before))


def grants_for(role: str) -> list[str]:
    """Return the statements, in order, that give a role what the application needs; to be run as the owner."""
    app = '"' + role.replace('"', '""') + '"'
    kept = ", ".join(kept_tables())
    return [
        f"GRANT USAGE ON SCHEMA public TO {app}",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {app}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        f"REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM PUBLIC, {app}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
        f"REVOKE UPDATE, DELETE ON {kept} FROM PUBLIC, {app}",
        f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(READ_ONLY)} FROM PUBLIC, {app}",
    ]


def apply_grants(connection, role: str) -> int:
    """Give a role what the application needs, through the owner's connection; returns how many tables are kept."""
    with connection.cursor() as cursor:
        for statement in grants_for(role):
            cursor.execute(statement)
    return len(kept_tables())


def may_change_the_journal(connection) -> bool | None:
    """Whether this connection's role could change a row of the journal; None where there are no roles. One query."""
    if connection.vendor != "postgresql":
        return None
    asked = " OR ".join(
        f"has_table_privilege('{table}', '{right}')"
        for table in ("journal_event", "journal_link")
        for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return cursor.fetchone()[0]
