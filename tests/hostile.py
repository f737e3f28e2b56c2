"""What the unkind type, and the forms of a page to type it into.

`TRAPS` are texts that broke something somewhere; `hostile(kind)` mixes them with random ones. A form is read from the
page itself, so that a new field is tried the day it is shown.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus, urljoin, urlsplit
from zlib import crc32

import lxml.html
from hypothesis import strategies as st

from vietnamese.folding import clean

TRAPS = (
    "\0",
    "a\0b",
    "\ud800",
    "x\udfff y",
    "\u202etxt.exe",
    "\u2066a\u2069\u200f",
    "e" + "\u0301\u0323" * 300,
    "Z̸͍̗͂a̷͔͝l̴̛̳g̶̲̈́o̵͖͝",
    unicodedata.normalize("NFD", "Đảng bộ huyện Mẫu, việc thứ nhất"),
    "e\u200b\u0301 o\u200d\u0302",
    "ấ" * 100_000,
    "👨‍👩‍👧‍👦🏳️‍🌈",
    "\ufeffBOM",
    "\uffff\ufffe\U0010ffff",
    "\u200b\u200b\u200b",
    "\x01\x1b[31mred\x1b[0m\x7f\x85\x9b",
    "a\r\nb\u2028c\u2029d",
    "{{ 7*7 }}{% debug %}",
    "<script>alert(1)</script>]]>&amp;<!--",
    "'; DROP TABLE x;--%s%%(a)s{0}\\",
    "=1+1",
    " " * 50,
    "\t=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "ﷺ" * 40,
    "İıſK",
)
NUMBERS = (
    "1e999",
    "-1e999",
    "NaN",
    "sNaN",
    "Infinity",
    "１２３",
    "٣٤",
    "1" * 400,
    "9" * 5_000,
    "0x10",
    "1_000",
    "-0",
    "½",
    "१२",
    "1e-999",
    "9223372036854775808",
    "²",
    "1.5.5",
)
DAYS = (
    "31/02/2026",
    "00/00/0000",
    "01/01/0000",
    "0001-01-01",
    "9999-12-31",
    "31/12/99999",
    "2026-02-31T25:61",
    "٠١/٠١/٢٠٢٦",
    "29/02/2100",
    "1/1/1",
    "0000-00-00",
    "2026-Q9",
    "10000-01-01",
)
WORDS = st.text(st.characters(codec="utf-8"), max_size=30)


def hostile(kind: str, name: str = "", salt: int = 0) -> st.SearchStrategy[str]:
    """Return texts for a field: a trap, or what its kind should refuse, or anything.

    The simplest, which is tried first, is another for every name and salt.
    """
    traps = ({"number": NUMBERS, "date": DAYS}.get(kind) or NUMBERS + DAYS) + TRAPS
    first = crc32(f"{salt}{name}".encode()) % len(traps)
    return st.one_of(st.sampled_from(traps[first:] + traps[:first]), WORDS)


@dataclass(frozen=True)
class Form:
    """A form of a page: where it goes, and each field as (name, kind, what it holds, what may be chosen)."""

    method: str
    path: str
    fields: tuple[tuple[str, str, str, tuple[str, ...]], ...]

    def filled(self, salt: int = 0) -> st.SearchStrategy[list[tuple[str, str]]]:
        """Return fillings: some fields as somebody kind would, the others as nobody should."""
        return st.tuples(*(_filling(*field, salt) for field in self.fields)).map(list)


def _filling(name: str, kind: str, held: str, choices: tuple[str, ...], salt: int) -> st.SearchStrategy:
    kind = "date" if DAY.search(name) and kind in ("text", "date") else kind
    unkind = hostile(kind, name, salt)
    if kind == "button":
        values = st.just(held)
    elif choices or kind == "hidden":
        offered = st.sampled_from(choices) if choices else st.just(held)
        values = st.one_of(offered, offered, offered, unkind)
    else:
        ways = [st.just(held or PLAUSIBLE.get(kind, "Tự quản đoạn đường, dài 12 km")), unkind]
        values = st.one_of(ways if crc32(f"{name}{salt}".encode()) % 2 else reversed(ways))
    return values.map(lambda value: (name, value))


UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PLAUSIBLE = {"number": "12", "email": "a@example.vn", "tel": "0912345678", "date": "20/03/2026"}
DAY = re.compile(r"_on\b|_until\b|day|_from\b|_to\b")


def body_of(filled: Iterable[tuple[str, str]]) -> str:
    """Return what a browser would send; a lone surrogate goes as the bytes it stands for, which are no UTF-8."""
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in filled)


def quote(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def forms_of(page: bytes, path: str) -> Iterator[Form]:
    """Yield the forms of a page at `path`, without the files they take."""
    tree = lxml.html.fromstring(page) if page.strip() else None
    for form in tree.forms if tree is not None else ():
        fields = [field for one in form.inputs if (field := _field(one))]
        fields += [(one.get("name"), "button", one.get("value", ""), ()) for one in form.xpath(".//button[@name]")[:1]]
        action = urlsplit(urljoin(f"http://testserver{path}", form.action or ""))
        yield Form(form.method.lower(), action.path, tuple(fields))


def _field(one) -> tuple | None:
    kind = one.get("type", "text") if one.tag == "input" else one.tag
    if not one.name or kind in ("file", "submit", "button", "image", "reset"):
        return None
    if kind == "select":
        return one.name, kind, "", tuple(one.value_options) or ("",)
    if kind in ("checkbox", "radio"):
        return one.name, kind, "", (one.get("value", "on"),)
    return one.name, kind, one.value or "", ()


def kept(page: bytes, name: str) -> list[str]:
    """Return what the fields of this name hold on a page."""
    tree = lxml.html.fromstring(page)
    return [field.value or "" for form in tree.forms for field in form.inputs if field.name == name]


def as_kept(text: str) -> str:
    """Return a typed text as a field shows it again: cleaned, and without regard to spaces and what is no UTF-8."""
    read = clean(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    return " ".join(read.replace("\0", "\ufffd").split())


def unclean(text: str) -> bool:
    """Whether a text that is to be stored is not in NFC, or holds what no page, XML or database should."""
    return not unicodedata.is_normalized("NFC", text) or bool(UNFIT.search(text))
