"""Folding for search, keys for sorting, slugs. Plain Python, so that both databases agree."""

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = dict.fromkeys(map(ord, "“”„«»\"'‘’‚`´"), " ")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the text as search compares it: NFC, lower case, without marks, đ as d, quotes and spaces collapsed."""
    lowered = nfc(text).lower().translate(_DASHES).translate(_QUOTES).replace("đ", "d")
    bare = "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", bare).strip()
