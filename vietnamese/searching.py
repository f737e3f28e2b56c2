"""What search compares, and what it shows of a find: words that begin alike, marks or not. Plain Python.

A row keeps `search_text`: its words without marks, then its tokens, then its words with marks, each led by a space.
What is typed becomes `Asked`: a row is found when every one of `terms` stands in that text, and found exactly when
every one of `exact` does too.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from vietnamese.folding import ABBREVIATIONS, bare, nfc

MOST_WORDS = 8
LONGEST = 20_000
PASSAGE = 160
_BEFORE = 50
_WORD = re.compile(r"[^\W_]+")
_FULL = {short: full for name, full in ABBREVIATIONS.items() for short in (name, bare(name))}
# "oà" and "òa", "uỷ" and "ủy" are the same word, wherever the tone is written.
_TONES = {
    nfc(pair + tone): nfc(pair[0] + tone + pair[1])
    for pair in ("oa", "oe", "uy")
    for tone in "\u0300\u0301\u0303\u0309\u0323"
}
_LATE_TONE = re.compile("|".join(_TONES))
# {"a": "aàáảãạăằ…"}: every letter that reads alike without its marks.
_ALIKE: dict[str, str] = {}
for _letter in map(chr, (*range(0x61, 0x7B), *range(0xDF, 0x250), *range(0x1EA0, 0x1EFA))):
    if _letter.islower() and len(bare(_letter)) == 1:
        _ALIKE[bare(_letter)] = _ALIKE.get(bare(_letter), "") + _letter


class Asked(NamedTuple):
    """What was typed into a search box: words or, of an abbreviation, what it stands for; each led by a space."""

    terms: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()  # those typed with marks, with them

    @property
    def as_typed(self) -> tuple[str, ...]:
        """What a text found exactly speaks of: a word with its marks says the one without them too."""
        said = set(map(_unmarked, self.exact))
        return (*self.exact, *(term for term in self.terms if term not in said))


def asked(typed: str) -> Asked:
    """Return what is searched for; nothing when no word was typed. At most eight words count."""
    words = [" " + _FULL.get(word, word) for word in _words(typed)[:MOST_WORDS]]
    plain = [_unmarked(word) for word in words]
    marked = (word for word, without in zip(words, plain, strict=True) if word != without)
    return Asked(tuple(dict.fromkeys(plain)), tuple(dict.fromkeys(marked)))


def search_text(*texts: str, tokens: Iterable[str] = ()) -> str:
    """Return what a row is found by. `tokens` ("#sach-dep") are found whole, by `token_term`, and by nothing typed."""
    marked = " ".join(_FULL.get(word, word) for text in texts for word in _words(text))[:LONGEST]
    whole = "".join(f" {token}" for token in tokens)
    return f" {_unmarked(marked)}{whole} \n {marked} "


def token_term(token: str) -> str:
    return f" {token} "


def passage(texts: Iterable[str], sought: Asked) -> list[tuple[str, bool]]:
    """Return a line of the text that speaks most of what is sought, as (piece, whether it is sought); [] of none."""
    pattern = _pattern(sought)
    if pattern is None:
        return []
    each = [_pattern(Asked((term,))) for term in sought.terms]
    best = max(texts, key=lambda text: sum(one.search(text) is not None for one in each), default="")
    found = pattern.search(best)
    return _pieces(*_window(best, found.start()), pattern) if found else []


def marked(text: str, sought: Asked) -> list[tuple[str, bool]]:
    """Return the whole text as (piece, whether it is sought)."""
    pattern = _pattern(sought)
    return _pieces(text, "", "", pattern) if pattern else [(text, False)] if text else []


def _words(text: str) -> list[str]:
    return _WORD.findall(_LATE_TONE.sub(lambda found: _TONES[found[0]], nfc(text).lower()))


def _unmarked(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=64)
def _pattern(sought: Asked) -> re.Pattern | None:
    """Return what finds the terms in a text as it was written, short or in full."""
    typed = "".join(sought.terms)
    short = [bare(name) for name, full in ABBREVIATIONS.items() if f" {bare(full)}" in typed]
    terms = sorted({*sought.terms, *short}, key=len, reverse=True)
    alike = (r"\W+".join("".join(map(_any_mark, word)) for word in term.split()) for term in terms)
    return re.compile(rf"(?<!\w)(?:{'|'.join(alike)})\w*", re.IGNORECASE) if terms else None


def _any_mark(letter: str) -> str:
    return f"[{_ALIKE[letter]}]" if letter in _ALIKE else re.escape(letter)


def _window(text: str, start: int) -> tuple[str, str, str]:
    """Return the part of a text around a place, cut between words, and what stands for what is left out."""
    text, start = " ".join(text.split()), len(" ".join((text[:start] + "|").split())) - 1
    first = text.find(" ", max(0, start - _BEFORE)) + 1 if start > _BEFORE else 0
    first = min(first, start)
    last = text.rfind(" ", first, first + PASSAGE) if len(text) > first + PASSAGE else len(text)
    last = last if last > start else first + PASSAGE
    return text[first:last], "… " if first else "", " …" if last < len(text) else ""


def _pieces(text: str, before: str, after: str, pattern: re.Pattern) -> list[tuple[str, bool]]:
    pieces, done = [(before, False)], 0
    for found in pattern.finditer(text):
        pieces += [(text[done : found.start()], False), (found[0], True)]
        done = found.end()
    pieces += [(text[done:] + after, False)]
    return [piece for piece in pieces if piece[0]]
