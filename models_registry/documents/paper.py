"""What a document holds, as plain values: both renderers draw this and nothing else, so that both say the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models_registry.documents.charts import Chart
from models_registry.documents.profiles import Profile

# What no XML 1.0 document may hold; a renderer would refuse the whole paper for one of them.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return the text without characters that no file can carry, its lines ended by \\n."""
    return _UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `lead` are the bold words it begins with."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: where the figures above it come from."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Numbered lines."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads repeated on every page; `widths` are hundredths of the line, `total` the last row's text.

    `sums` are a last row of cells, for what adds up column by column. Columns in `middle` are centred, those in `right`
    hold numbers.
    """

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    total: str = ""
    middle: frozenset[int] = frozenset({0})
    sums: tuple[str, ...] = ()
    right: frozenset[int] = frozenset()

    @property
    def sides(self) -> tuple[str, ...]:
        """How each column is set: "middle", "right" or ""."""
        return tuple(
            "middle" if n in self.middle else "right" if n in self.right else "" for n in range(len(self.heads))
        )

    @property
    def lines(self) -> Iterator[list[tuple[str, str]]]:
        """The rows, each cell with how it is set."""
        sides = self.sides
        return (list(zip(sides, row, strict=True)) for row in self.rows)

    @property
    def sum_line(self) -> list[tuple[str, str]]:
        return list(zip(self.sides, self.sums, strict=True))


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the lines above the empty place, and the name beneath it where it is known."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """One or two places to sign, beside each other; a single one stands at the right, `receivers` to its left."""

    places: tuple[Signature, ...]
    receivers: tuple[str, ...] = ()


Block = Heading | Paragraph | Note | Listing | Table | Chart | Signatures


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of a first page; an empty line is left out."""

    superior: str
    issuer: str
    number: str
    place_and_day: str


@dataclass(frozen=True, slots=True)
class Part:
    """A run of pages of one orientation. With a head it is a document of its own: pages count anew from it."""

    titles: tuple[str, ...]
    blocks: tuple[Block, ...]
    head: Head | None = None
    label: str = ""  # "Biểu số 01", above the titles at the right
    landscape: bool = False

    @property
    def named(self) -> list[tuple[str, Block]]:
        """The blocks, each with what kind it is, as the template of the PDF asks."""
        return [(type(block).__name__, block) for block in self.blocks]


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole file. `mark` stands on every page until what it shows is approved, `trace` says which version it is."""

    title: str
    profile: Profile
    parts: tuple[Part, ...]
    mark: str
    trace: str
