from django.db import connection, transaction

from tests import factories


def filled() -> dict[str, list]:
    """Return the rows of every table."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            found[table] = sorted(cursor.fetchall(), key=str)
    return found


def rolled_back(make):
    with transaction.atomic():
        made, rows = make(), filled()
        transaction.set_rollback(True)
    return made, rows


def test_a_district_written_again_is_the_one_the_services_made(db):
    first, made = rolled_back(factories.district)
    second, written = rolled_back(factories.district)
    assert (second, written) == (first, made)
    assert second.secretary.post.unit == second.cell and second.secretary is not first.secretary
    _anew, by_services = rolled_back(factories.district.__wrapped__)
    assert {table: len(rows) for table, rows in by_services.items()} == {
        table: len(rows) for table, rows in made.items()
    }


def test_a_second_district_stands_beside_the_first(district):
    other = factories.district()
    assert {other.top.pk, other.cell.pk} & {district.top.pk, district.cell.pk} == set()
