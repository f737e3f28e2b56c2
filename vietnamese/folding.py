"""Normalising, folding for search and slugs. Plain Python, so that both databases and every page agree."""

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = dict.fromkeys(map(ord, "“”„«»\"'‘’‚`´"), " ")
# What users type short and documents write out; whole words only, so that search meets in the middle.
ABBREVIATIONS = {
    "btv": "ban thường vụ",
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "mttq": "mặt trận tổ quốc",
    "tccsđ": "tổ chức cơ sở đảng",
    "cbccvc": "cán bộ công chức viên chức",
    "nlđ": "người lao động",
    "dn": "doanh nghiệp",
    "cntt": "công nghệ thông tin",
}
# Never typed on purpose: they reorder or hide text, or no page, paper or database may hold them (NUL is left for the
# form to name).
_UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Return what a person meant to type: NFC, without reordering or invisible characters, lines ended by \\n."""
    # Normalised last: what stood between a letter and its mark is gone then.
    return nfc(_LINE_ENDS.sub("\n", _UNSEEN.sub("", text)))


def bare(text: str) -> str:
    """Return the text in lower case without marks, đ as d; quotes, dashes and spaces in one form."""
    lowered = nfc(text).lower().translate(_DASHES).translate(_QUOTES).replace("đ", "d")
    letters = "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", letters).strip()


_WRITTEN_OUT = {bare(short): bare(full) for short, full in ABBREVIATIONS.items()}
_ABBREVIATED = re.compile(r"\b(" + "|".join(_WRITTEN_OUT) + r")\b")


def fold(text: str) -> str:
    """Return the text as search compares it, on both sides: bare, abbreviations written out."""
    return _ABBREVIATED.sub(lambda found: _WRITTEN_OUT[found[0]], bare(text))


def slug(text: str) -> str:
    """Return "dang-bo-huyen" for "Đảng bộ huyện"."""
    return re.sub(r"[^a-z0-9]+", "-", bare(text)).strip("-")
