"""Figures as links: a rate leads to its passport, each of its numbers to exactly what makes it."""

from dataclasses import dataclass, field
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from completion.queries.figures import OF_PAPERS, Rate
from dashboards.choices import Choice
from vietnamese.display import number_text

# The lists of units (choices.SILENT) that n, N and X of a rate of papers open.
UNITS_BEHIND = {
    "r6": ("sent", "owed", "exempt"),
    "r6t": ("sent_in_time", "owed", "exempt"),
    "r7": ("planned", "obliged", "freed"),
    "r7m": ("members_planned", "members_owed", "members_exempt"),
}


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one view, for a page that prints many: what a rate asks for is put together once."""

    choice: Choice
    page: str  # what leads to the units' pages; "../" from one of them, for a table of many links
    _asked: dict = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, choice: Choice) -> "Links":
        return cls(choice, reverse("dashboards:unit", args=[0])[:-2])

    def unit(self, unit: int) -> str:
        """Return the address of the page of a unit."""
        return f"{self.page}{unit}/?{self._address(self.choice.rate, '')}"

    def passport(self, unit: int, code: str, *, kind: str = "") -> str:
        """Return the address of the passport of a rate of a unit."""
        return f"{self.page}{unit}/passport/?{self._address(code, kind)}"

    def part(self, unit: int, code: str, part: str, *, kind: str = "") -> str:
        """Return the address of the list that n, N or X of a rate opens."""
        address = self._address(code, kind)
        if code in OF_PAPERS:
            return f"{self.page}{unit}/missing/?{address}&what={UNITS_BEHIND[code][('n', 'N', 'X').index(part)]}"
        return f"{self.page}{unit}/items/?{address}&part={part}"

    def text(self, unit: int, rate: Rate, *, kind: str = "") -> SafeString:
        """Return "98,2%", leading to its passport; a dash, of which there is nothing to tell, leads nowhere."""
        if not rate.base:
            return SafeString(rate.text)
        return _link(self.passport(unit, rate.code, kind=kind), rate.text)

    def counts(self, unit: int, rate: Rate, *, kind: str = "") -> SafeString:
        """Return "5/12, loại trừ 1", each number but nought leading to what it counts."""
        numbers = {"n": number_text(rate.n), "N": number_text(rate.base)}
        if rate.x:
            numbers["X"] = _("loại trừ %(x)s") % {"x": number_text(rate.x)}
        n, base, *excluded = (
            said if said == "0" else _link(self.part(unit, rate.code, part, kind=kind), said)
            for part, said in numbers.items()
        )
        return SafeString(", ".join([f"{n}/{base}", *excluded]))

    def _address(self, code: str, kind: str) -> str:
        if (code, kind) not in self._asked:
            self._asked[code, kind] = self.choice.of_rate(code, kind).address
        return self._asked[code, kind]


def _link(address: str, said: str) -> SafeString:
    return SafeString(f'<a href="{escape(address)}">{escape(said)}</a>')
