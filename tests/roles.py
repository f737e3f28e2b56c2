"""Acting in PostgreSQL as the portal does where its role owns nothing: with the grants of portal/grants.py alone."""

from contextlib import contextmanager

from django.db import connection

from portal.grants import apply_grants

ROLE = "portal_app"


@contextmanager
def acting_as_application():
    """Make the role where it is not there, and act as it; elsewhere than on PostgreSQL nothing."""
    if connection.vendor != "postgresql":
        yield
        return
    make_role()
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
    try:
        yield
    finally:
        # A transaction that broke is rolled back with its role.
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE NONE")


def make_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE}")
        apply_grants(connection, ROLE)
