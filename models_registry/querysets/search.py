"""Words for asking what a row speaks of: `folded` holds `vietnamese.searching.search_text`."""

from collections.abc import Iterable

from django.db import models
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


class Spoken(models.QuerySet):
    """Mixed into the querysets of rows that keep a search text."""

    def speaking_of(self, terms: Iterable[str]):
        """Those in whose text every one of these folded terms stands."""
        return self.filter(speaks_of(terms))
