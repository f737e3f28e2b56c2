"""What thousands of tests begin with: made by the services once a process, then written as the rows it was."""

import copy
import functools
from collections.abc import Callable

from django.db import connection
from django.db.models import Model


def made_once(*models: type[Model]) -> Callable:
    """Have a function without arguments, which writes to the tables of `models` alone, begun in a database where they
    are empty, repeat from its second call on what its first wrote and returned. Otherwise it runs as it stands.

    Costs one query and one write a table.
    """

    def decorate(make: Callable) -> Callable:
        kept = None

        @functools.wraps(make)
        def made():
            nonlocal kept
            if _any_row(models):
                return make()
            if kept is None:
                first = make()
                kept = copy.deepcopy(first), [_rows(model) for model in models]
                return first
            for model, rows in zip(models, kept[1], strict=True):
                _write(model, rows)
            return copy.deepcopy(kept[0])

        return made

    return decorate


def _any_row(models) -> bool:
    there = " OR ".join(f"EXISTS (SELECT 1 FROM {model._meta.db_table})" for model in models)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {there}")
        return bool(cursor.fetchone()[0])


def _columns(model) -> list[str]:
    return [field.column for field in model._meta.local_concrete_fields if not field.generated]


def _rows(model) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_columns(model))} FROM {model._meta.db_table} ORDER BY id")  # noqa: S608
        return cursor.fetchall()


def _write(model, rows: list[tuple]) -> None:
    columns = _columns(model)
    one = f"({', '.join(['%s'] * len(columns))})"
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {', '.join([one] * len(rows))}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(into, [value for row in rows for value in row])
