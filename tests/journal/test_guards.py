import pytest
from django.db import DatabaseError, connection, transaction

from journal.models import Event
from journal.services import record


@pytest.fixture
def event(db, now):
    return record("unit.added", subject="unit", subject_id=1, by=None, at=now)


@pytest.mark.parametrize("statement", ["UPDATE journal_event SET verb = 'x'", "DELETE FROM journal_event"])
def test_the_database_refuses_to_change_what_the_journal_says(event, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.get().verb == "unit.added"


@pytest.mark.django_db(transaction=True)
def test_the_guards_stand_again_after_a_test_has_been_emptied(now):
    made = record("unit.added", subject="unit", subject_id=1, by=None, at=now)
    with pytest.raises(DatabaseError):
        made.delete()
