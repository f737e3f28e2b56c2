"""Queries that pages ask again and again: the SQL is worked out once a process, each time only its values are put in.

Django builds a queryset and its SQL anew for every request, which takes a web server longer than the database takes
to find a few rows by a key (docs/adr/0018-questions-worked-out-once.md).
"""

import json
from collections.abc import Callable
from copy import copy
from itertools import count

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import BigIntegerField, BooleanField, Field, Func, Q, QuerySet, Subquery, Value
from django.db.models.sql import UpdateQuery

from journal.reading import source

# So many shapes of one question are kept.
MOST_SHAPES = 64


class Blank(Value):
    """Where a value of a `Question` goes, named as it is filled in; a key unless `field` says what else."""

    def __init__(self, name: str, field: Field | None = None):
        super().__init__(name, output_field=field or BigIntegerField())

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def filled(self, values: dict, database):
        return self.output_field.get_db_prep_value(values[self.value], connection=database)


class Keys(Blank):
    """Where a list of keys goes, as one value."""

    def filled(self, values: dict, database):
        keys = list(values[self.value])
        return keys if database.vendor == "postgresql" else json.dumps(keys)


class Among(Func):
    """Whether an expression is one of some keys, a list filled in by its name: `found.filter(Among("pk", "keys"))`."""

    output_field = BooleanField()

    def __init__(self, expression, keys: Blank | str):
        super().__init__(expression, Keys(keys) if isinstance(keys, str) else keys)

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(")

    def as_sqlite(self, compiler, connection):
        template = "%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" IN (SELECT value FROM json_each(")


def among(column: str, keys) -> Q:
    """Return whether a column is one of some keys, or of the keys a blank stands for."""
    return Q(Among(column, keys)) if isinstance(keys, Keys) else Q(**{f"{column}__in": keys})


class Beyond(Among):
    """Whether an expression is none of some keys; a prepared `<> ALL` would compare each of many rows with each key."""

    def as_postgresql(self, compiler, connection):
        template = "%(expressions)s::bigint[]))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" NOT IN (SELECT UNNEST(")

    def as_sqlite(self, compiler, connection):
        template = "%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" NOT IN (SELECT value FROM json_each(")


class Gathered(Func):
    """Whether an expression is one of the keys that other rows hold, gathered first: `filter(Gathered("unit", units))`.

    PostgreSQL then walks one index along the keys. Joined, the same rows are weighed against all the others' that the
    index holds, and are sometimes looked for among these.
    """

    output_field = BooleanField()

    def __init__(self, expression, rows):
        super().__init__(expression, Subquery(rows))

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY")

    def as_sqlite(self, compiler, connection):
        return self.as_sql(compiler, connection, template="%(expressions)s", arg_joiner=" IN ")


def in_one_row(rows: QuerySet, **counts) -> QuerySet:
    """Return, for a question, the one row that `rows.aggregate(**counts)` would: a dict of the counts."""
    return rows.order_by().annotate(one=Value(1)).values("one").annotate(**counts).values(*counts)


class Question:
    """A queryset with blanks, as `build(*shape)` returns it: whatever changes more than a value belongs to the shape.

    `TURNS = Question(lambda: Turn.objects.filter(dossier=Blank("dossier")))` is asked by `TURNS(dossier=4)`. None is
    no value: SQL asks for it in other words.
    """

    planned_once = True

    def __init__(self, build: Callable):
        self._build = build
        self._known: dict[tuple, tuple] = {}

    def __call__(self, *shape, **values) -> list:
        """Return the rows as the queryset would, with its prefetches; one query, and theirs."""
        # What `connection` stands for is looked up once: it is asked for at every column.
        database = connections[source()]
        return self._answers(database, self._worked_out(database, shape), values)

    def afresh(self, *shape, **values) -> list:
        """Return the same rows of a shape that is hardly asked again: worked out for this once."""
        once, database = copy(self), connections[source()]
        once.planned_once = False
        return once._answers(database, once._work_out(database, shape), values)

    def _answers(self, database, worked_out: tuple, values: dict) -> list:
        queryset, compiler, sql, params, converted = worked_out
        if not sql:
            return []
        asked, compiler = queryset._chain(), copy(compiler)
        compiler.connection, compiler.query = database, asked.query
        filled = self._filled(database, sql, params, values)
        converters = {
            n: (database.ops.get_db_converters(one) + one.get_db_converters(database), one)
            for n, one in converted.items()
        }
        compiler.as_sql = lambda *_, **__: filled
        compiler.get_converters = lambda _: converters
        asked.query.get_compiler = lambda *_, **__: compiler
        return list(asked)

    def _worked_out(self, database, shape: tuple) -> tuple:
        """Return the queryset with the compiler, the SQL, the values it has and which columns are converted how; no
        SQL where nothing can be found."""
        key = (database.vendor, *shape)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._work_out(database, shape)
            while len(self._known) > MOST_SHAPES:
                # The oldest: of a shape that has a day in it, one that has passed.
                self._known.pop(next(iter(self._known)), None)
        return found

    def _work_out(self, database, shape: tuple) -> tuple:
        queryset, query = self._query(*shape)
        # Kept by no database's name, as each thread has a connection of its own.
        compiler = query.get_compiler(connection=connection)
        try:
            sql, params = self._sql(compiler)
        except EmptyResultSet:
            sql, params = "", ()
        sql = _numbered(sql, params) if sql and self._prepares(database) else sql
        return queryset, compiler, sql, params, _converted(compiler) if sql else {}

    def _query(self, *shape) -> tuple:
        queryset = self._build(*shape)
        return queryset, queryset.query

    def _sql(self, compiler) -> tuple:
        return compiler.as_sql()

    def _prepares(self, database) -> bool:
        return self.planned_once and prepares(database)

    def _filled(self, database, sql: str, params, values: dict) -> tuple[str, list]:
        """Return what the database is sent."""
        if not self._prepares(database):
            return sql, [one.filled(values, database) if isinstance(one, Blank) else one for one in params]
        filled = [one.filled(values, database) for one in params if isinstance(one, Blank)]
        return f"EXECUTE {prepared(sql, database=database)} ({', '.join(['%s'] * len(filled))})", filled


class Part(Question):
    """A question for some of the rows: asked with `size` and `first` too, how many at most and how many to pass by."""

    def _sql(self, compiler) -> tuple:
        sql, params = super()._sql(compiler)
        return f"{sql} LIMIT %s OFFSET %s", (*params, Blank("size"), Blank("first"))


class HowMany(Question):
    """A question for how many rows there are, of a queryset of one column."""

    def _answers(self, database, worked_out: tuple, values: dict) -> int:
        return next(iter(super()._answers(database, worked_out, values)), 0)

    def _sql(self, compiler) -> tuple:
        sql, params = super()._sql(compiler)
        return f"SELECT COUNT(*) FROM ({sql}) found", params  # noqa: S608 - the compiler wrote it


class Change(Question):
    """An update with blanks: `build(*shape)` returns the queryset and {field: what it is set to}."""

    def __call__(self, *shape, **values) -> int:
        """Change the rows as the queryset's `update` would; returns how many. One query."""
        database = connections[DEFAULT_DB_ALIAS]
        _queryset, _compiler, sql, params, _converted = self._worked_out(database, shape)
        with database.cursor() as cursor:
            cursor.execute(*self._filled(database, sql, params, values))
            return cursor.rowcount

    def _query(self, *shape) -> tuple:
        queryset, told = self._build(*shape)
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(told)
        return queryset, query


def _numbered(sql: str, params) -> str:
    """Return the SQL with its own values written out and $1, $2, … for the blanks."""
    from psycopg2.extensions import AsIs

    numbers = count(1)
    values = [AsIs(f"${next(numbers)}") if isinstance(one, Blank) else one for one in params]
    with connection.cursor() as cursor:
        return cursor.mogrify(sql, values).decode()


def _converted(compiler) -> dict:
    """Return {number of a column: its expression} of those whose values are not taken as they come."""
    columns = getattr(compiler, "select", None) or ()
    return {n: one for n, (_ways, one) in compiler.get_converters([one for one, *_ in columns]).items()}


def prepares(database=connection) -> bool:
    """Whether this database keeps a statement's plan on its connection; not behind a pool that hands connections on."""
    return database.vendor == "postgresql" and not database.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


def prepared(sql: str, types: str = "", *, database=connection) -> str:
    """Return the name by which this connection executes a statement that PostgreSQL has planned once."""
    # A server that was started again meanwhile knows no statement: before one is named, not when it is executed.
    database.close_if_health_check_failed()
    database.ensure_connection()
    raw, names = getattr(database, "prepared", (None, {}))
    if raw is not database.connection:
        raw, names = database.connection, {}
        database.prepared = (raw, names)
    if sql not in names:
        name = f"question_{len(names)}"
        with database.wrap_database_errors, raw.cursor() as cursor:
            cursor.execute(f"PREPARE {name} {types} AS {sql}")
        names[sql] = name
    return names[sql]
