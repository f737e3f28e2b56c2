"""Cells of an archive: text in, value out, or Unreadable with the reason."""

import functools
import re
from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext as _

from vietnamese.folding import clean

YEARS = range(1900, 2201)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Unreadable(ValueError):
    """One cell or row cannot be taken; the message is the reason."""


def text(row: dict[str, str], name: str, longest: int) -> str:
    written = clean(row[name]).strip()
    if not written:
        raise Unreadable(_("thiếu %(name)s") % {"name": name})
    if len(written) > longest:
        raise Unreadable(_("%(name)s dài quá %(count)d ký tự") % {"name": name, "count": longest})
    if "\0" in written or "\n" in written:
        raise Unreadable(_("%(name)s có ký tự không hợp lệ") % {"name": name})
    return written


def one_of(row: dict[str, str], name: str, known) -> str:
    if row[name] not in known:
        raise Unreadable(_("%(name)s lạ: “%(text)s”") % {"name": name, "text": row[name]})
    return row[name]


def year(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:9]) not in YEARS:
        raise Unreadable(_("%(name)s không đọc được: “%(text)s”") % {"name": "year", "text": text})
    return int(text)


def _read_once(read: Callable) -> Callable:
    """Archives repeat their days and instants: read each once."""
    cached = functools.lru_cache(maxsize=50_000)(read)

    def reader(text: str, name: str):
        try:
            value = cached(text)
        except (ValueError, OverflowError):
            value = None
        if value is None:
            raise Unreadable(_("%(name)s không đọc được: “%(text)s”") % {"name": name, "text": text})
        return value

    return reader


@_read_once
def day(text: str) -> date | None:
    found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    return found if found and found.year in YEARS else None


@_read_once
def instant(text: str) -> datetime | None:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None and at.year in YEARS else None
