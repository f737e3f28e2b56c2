"""Numbers with a unit inside a sentence: "10 hộ hiến 1.150 m² đất". Plain functions, no queries."""

import re
from collections.abc import Collection
from decimal import Decimal

from vietnamese.folding import bare

_NUMBER = r"(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)"
# "Năm" and "một" alone are a year and "one of".
_SPELLED = "hai|ba|bon|sau|bay|tam|chin|muoi|tram|nghin"
_TIME = "thang|quy|nam|tuan"
_COUNTED = re.compile(rf"(?<![\w.,/])(?!(?:19|20)\d\d\b){_NUMBER}(?![\d.,/])\s*(?!(?:{_TIME})\b)[%a-z]")
_IN_WORDS = re.compile(rf"\b(?:{_SPELLED})(?: (?:{_SPELLED}|mot|nam))* (?!(?:{_TIME}|ben)\b)[a-z]")


def measures_in(text: str, names: Collection[str]) -> list[tuple[Decimal, str]]:
    """Return the (number, unit) a text holds in digits, the units being among `names`, in the order they stand."""
    found = _pattern(_NUMBER, names).findall(_plain(text))
    by_plain = {_plain(name): name for name in names}
    return [(Decimal(number.replace(".", "").replace(",", ".")), by_plain[unit]) for number, unit in found]


def is_measurable(text: str) -> bool:
    """Whether a text says how much of what, or a share; days, years and how long something takes are no amount."""
    plain = _plain(text)
    return bool(_COUNTED.search(plain) or _IN_WORDS.search(plain))


def _plain(text: str) -> str:
    """Return the text bare, but with squares and cubes as they are told apart."""
    return bare(text.replace("²", "2").replace("³", "3"))


def _pattern(number: str, names: Collection[str]) -> re.Pattern:
    units = "|".join(re.escape(_plain(name)) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w.,/]){number}\s*({units})(?!\w)")
