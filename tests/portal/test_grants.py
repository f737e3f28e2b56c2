"""With the grants of portal/grants.py the portal works, and nobody changes the journal: PostgreSQL itself refuses."""

import io

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from journal.services import chain_events, record
from organizations.services import edit_person
from portal.grants import grants_for, kept_tables, may_change_the_journal
from tests.factories import AT
from tests.roles import ROLE, acting_as_application

REFUSED = [
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN more int",
    "DROP TRIGGER {table}_no_update ON {table}",
    "DROP TABLE {table} CASCADE",
    "CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
]
KEPT = [
    "completion_extract",
    "completion_extract_sources",
    "completion_pack",
    "completion_pack_sources",
    "completion_taken",
    "journal_event",
    "journal_link",
    "organizations_headcount",
    "organizations_succession",
    "progress_quarterlycheck",
    "reviews_issuedpaper",
]


def test_what_migrations_keep_is_what_may_only_be_read_and_added_to():
    assert set(KEPT) <= set(kept_tables())
    out = io.StringIO()
    call_command("journal_grants", "some one", stdout=out)
    assert out.getvalue().splitlines() == [f"{statement};" for statement in grants_for("some one")]
    assert 'FROM PUBLIC, "some one";' in out.getvalue()


@pytest.mark.postgres
def test_the_application_writes_the_journal_and_nothing_of_its_own_changes_it(district):
    """Sealed figures too: of their tables some rows change, so a trigger refuses the others, and stays."""
    assert may_change_the_journal(connection)
    with acting_as_application():
        assert may_change_the_journal(connection) is False
        event = record("unit.added", subject="unit", subject_id=1, by=district.head, at=AT, tell=[district.secretary])
        someone = district.secretary
        edit_person(someone, username="xoa", full_name="Đã xóa", phone="", email="", by=district.administrator, at=AT)
        assert chain_events(at=AT) > 0
        refused = [
            statement.format(table=table, column="position" if table == "journal_link" else "id")
            for table in kept_tables()
            for statement in REFUSED
        ]
        refused += ["ALTER TABLE completion_figure DISABLE TRIGGER ALL", "SET session_replication_role = replica"]
        refused += [f"ALTER ROLE {ROLE} SUPERUSER", "DELETE FROM django_migrations", "CREATE TABLE more (id int)"]
        assert [statement for statement in refused if not _is_refused(statement)] == []
        event.refresh_from_db()
        assert event.verb == "unit.added"


def _is_refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as refused:
        return "permission denied" in str(refused) or "must be owner" in str(refused)
    return False
