"""Rows the database itself refuses to change: triggers on PostgreSQL and on SQLite, made by migrations.

On SQLite a later migration that rebuilds such a table drops its triggers with it: list `keep_rows` again there.
"""

from django.db import migrations

REFUSAL = "rows of %s are never changed"
INSERT, TRUNCATE = "INSERT", "TRUNCATE"


def keep_rows(table: str, *, when: str = "", before: str = "UPDATE DELETE") -> migrations.RunPython:
    """Return the operation that lets the database refuse every UPDATE and DELETE of rows of `table`.

    `when` narrows it: an SQL condition on OLD that both databases understand. `before` may also name INSERT, to which
    the condition is asked of NEW, then also of what an UPDATE makes; and TRUNCATE, which only PostgreSQL has and which
    passes what guards single rows; it takes no `when`.
    """

    def put_up(apps, schema_editor):
        take_down(apps, schema_editor)
        make = _on_postgresql if schema_editor.connection.vendor == "postgresql" else _on_sqlite
        for statement in make(table, when, before.split()):
            schema_editor.execute(statement, params=None)

    def take_down(apps, schema_editor):
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in before.split():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}", params=None)

    operation = migrations.RunPython(put_up, take_down)
    # Asked by whoever must know which tables are kept, as the grants of the application's role.
    operation.keeps = (table, when, before.split())
    return operation


def free_rows(table: str, *, when: str = "", before: str = "UPDATE DELETE") -> migrations.RunPython:
    """Return the operation that takes such a guard down, where a migration must rebuild a table it speaks of."""
    kept = keep_rows(table, when=when, before=before)
    return migrations.RunPython(kept.reverse_code, kept.code)


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"


def _condition(when: str, event: str, events) -> str:
    new = when.replace("OLD.", "NEW.")
    if not when or event == INSERT:
        return new
    return f"({when}) OR ({new})" if event == "UPDATE" and INSERT in events else when


def _on_postgresql(table: str, when: str, events):
    message = REFUSAL % table
    refused = " OR ".join(f"(TG_OP = '{event}' AND ({_condition(when, event, events) or 'TRUE'}))" for event in events)
    yield f"""
        CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {refused} THEN
                RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END $$"""
    for event in events:
        each = "STATEMENT" if event == TRUNCATE else "ROW"
        yield (
            f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {table}_guard()"
        )


def _on_sqlite(table: str, when: str, events):
    message = REFUSAL % table
    for event in (event for event in events if event != TRUNCATE):
        condition = f"WHEN {_condition(when, event, events)} " if when else ""
        yield (
            f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} "
            f"FOR EACH ROW {condition}BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
