"""Words for asking what a row speaks of: `folded` holds `vietnamese.searching.search_text`."""

from collections.abc import Iterable

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Q

from vietnamese.folding import slug
from vietnamese.searching import token_term


# Tokens of the search text, because SQLite cannot ask what a JSON list holds.
def tag_token(tag: str) -> str:
    return f"#{slug(tag)}"


def programme_token(code: str) -> str:
    return f"@{code}"


def speaks_of(terms: Iterable[str], *, of: str = "") -> Q:
    """Rows in whose text every one of these stands: `vietnamese.searching.asked`; `of` is the path to the row."""
    return Q(*(Q(**{f"{of}folded__contains": term}) for term in terms))


def is_tagged(tag: str, *, of: str = "") -> Q:
    return speaks_of([token_term(tag_token(tag))], of=of)


def is_in_programme(code: str, *, of: str = "") -> Q:
    return speaks_of([token_term(programme_token(code))], of=of)


def reading(keys: models.QuerySet, terms: Iterable[str], *, most: int) -> list[int]:
    """Return the first of some rows' keys, given in their order, in whose text all of these words stand; one query.

    Row by row, as many as it takes: left to choose, PostgreSQL takes such words for rare and gathers all rows that have
    them by the index, ten times as dear where they stand everywhere.
    """
    try:
        some, params = keys.values_list("pk", "folded").query.sql_with_params()
    except EmptyResultSet:
        return []
    likes = [f"%{term}%" for term in terms]
    stands = " AND ".join(["few.folded LIKE %s"] * len(likes)) or "TRUE"
    with connection.cursor() as cursor:
        sql = f"SELECT few.pk FROM ({some}) few WHERE {stands} LIMIT {int(most)}"  # noqa: S608 - written by ourselves
        cursor.execute(sql, [*params, *likes])
        return [pk for (pk,) in cursor.fetchall()]


def nearest(ordered: models.QuerySet, terms: Iterable[str], *, most: int, within: int) -> list[int]:
    """Return the first keys that speak of all these words where the first `within` rows hold so many, otherwise [].

    Two queries; one where a sixteenth of them already says that the words are rare.
    """
    few = max(1, most // 16)
    if len(reading(ordered[: within // 16], terms, most=few)) < few:
        return []
    found = reading(ordered[:within], terms, most=most)
    return found if len(found) == most else []


class Spoken(models.QuerySet):
    """Mixed into the querysets of rows that keep a search text."""

    def speaking_of(self, terms: Iterable[str]):
        """Those in whose text every one of these folded terms stands."""
        return self.filter(speaks_of(terms))
