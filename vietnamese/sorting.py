"""Keys that sort Vietnamese as a dictionary does (CLDR `vi`), made of digits only, so that any database agrees.

A letter outranks a tone: first all letters are compared (a ă â b c d đ …), then all tones (ngang, huyền, hỏi, ngã,
sắc, nặng). Numbers compare as numbers: "ấp 2" stands before "ấp 10".
"""

import re
import unicodedata

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
LEVEL = "\u0306\u0302\u031b"  # breve, circumflex, horn: part of the letter, not a tone
_WEIGHT = {letter: f"{n:02d}" for n, letter in enumerate(LETTERS, start=20)}
_GAP, _END, _NUMBER = "01", "00", "10"
LONGEST = 700


def sort_key(text: str) -> str:
    """Return the key of a text, digits only, at most LONGEST of them."""
    letters, tones = [], []
    for part in re.findall(r"\d+|\D", unicodedata.normalize("NFC", text).lower()):
        if part.isdecimal():
            letters.append(f"{_NUMBER}{int(part) % 10**8:08d}")
            continue
        decomposed = unicodedata.normalize("NFD", part)
        tone = next((TONES[c] for c in decomposed if c in TONES), "1")
        letter = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES))
        if letter in _WEIGHT:
            letters.append(_WEIGHT[letter])
            tones.append(tone)
        elif part.isspace() and letters and letters[-1] != _GAP:
            letters.append(_GAP)
    return ("".join(letters) + _END + "".join(tones))[:LONGEST]


def person_sort_key(full_name: str) -> str:
    """Return the key that sorts people by given name, the last word, then by the words before it."""
    *before, given = full_name.split() or [""]
    return (sort_key(given) + _END + sort_key(" ".join(before)))[:400]
