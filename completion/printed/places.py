"""Which unit a name in a report means: by its code, its name or a name it bore in the year; else the nearest names."""

import difflib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from completion.printed.numbers import Refused
from organizations.models import Succession, Unit
from vietnamese.display import day_text
from vietnamese.folding import fold

BETWEEN = " · "  # between a unit's code and its name
NEAREST, MOST_GUESSED = 3, 20


def written(unit: Unit) -> str:
    """Return how a unit found is written back: by its code it is found again whatever it is called then."""
    return f"{unit.code}{BETWEEN}{unit.name}"


class Places:
    """The units at and below one, as the names of a table mean them; two queries, one more where a name is not found.

    Merged units hang below their successor, so a table of it finds them by the name a report of their time bore.
    """

    def __init__(self, top: Unit, year: int, typed: Iterable[str]):
        self.top, self.year, self._guesses = top, year, None
        self._guessed = 0
        below = Unit.objects.below(top).order_by("path")
        names = {text for text in typed if text}
        codes, folded = {text.split(BETWEEN)[0].strip() for text in names}, {fold(text)[:400] for text in names}
        self._by_code, self._by_name = {}, defaultdict(dict)
        for unit in below.filter(Q(code__in=codes) | Q(folded_name__in=folded)):
            self._by_code[unit.code] = unit
            self._by_name[unit.folded_name][unit.pk] = unit
        renamed = Succession.objects.filter(kind=Succession.Kind.RENAME, folded_old_name__in=folded)
        renamed = renamed.filter(predecessor__in=below.order_by().values("pk")).select_related("predecessor")
        for told in renamed:
            self._by_name[told.folded_old_name][told.predecessor_id] = told.predecessor

    def unit_of(self, typed: str) -> Unit:
        """Return the unit a cell means, the top of the table for an empty one; Refused says why there is none."""
        if not typed:
            return self.top
        unit = self._by_code.get(typed.split(BETWEEN)[0].strip()) or self._named(typed)
        if unit.valid_to and unit.valid_to <= date(self.year, 1, 1):
            said = {"unit": unit.name, "day": day_text(unit.valid_to)}
            heirs = Unit.objects.successors_of(unit).order_by("sort_key").values_list("name", flat=True)[:NEAREST]
            told = _("%(unit)s đã kết thúc từ ngày %(day)s, trước năm của bảng.") % said
            raise Refused(f"{told} {_listed(_('Đơn vị kế tục'), heirs)}".strip())
        return unit

    def _named(self, typed: str) -> Unit:
        found = list(self._by_name.get(fold(typed)[:400], {}).values())
        standing = [unit for unit in found if self._stood(unit)]
        if len(standing or found) == 1:
            return (standing or found)[0]
        if found:
            names = "; ".join(map(written, (standing or found)[:NEAREST]))
            said = {"count": len(standing or found), "names": names}
            raise Refused(_("Có %(count)d đơn vị cùng tên: %(names)s. Hãy ghi mã đơn vị.") % said)
        told = _("Không có đơn vị “%(typed)s” ở %(top)s.") % {"typed": typed[:80], "top": self.top.name}
        raise Refused(f"{told} {_listed(_('Gần giống'), self._nearest(typed))}".strip())

    def _stood(self, unit: Unit) -> bool:
        return unit.valid_from <= date(self.year, 12, 31) and (
            unit.valid_to is None or unit.valid_to > date(self.year, 1, 1)
        )

    def _nearest(self, typed: str) -> list[str]:
        """Return how the units of the nearest names are written; of the first names not found, as it takes time."""
        self._guessed += 1
        if self._guessed > MOST_GUESSED:
            return []
        if self._guesses is None:
            self._guesses = defaultdict(list)
            rows = Unit.objects.below(self.top).order_by("path").values_list("folded_name", "code", "name")
            for folded, code, name in rows:
                self._guesses[folded].append(f"{code}{BETWEEN}{name}")
        near = difflib.get_close_matches(fold(typed)[:400], self._guesses, n=NEAREST, cutoff=0.6)
        return [one for folded in near for one in self._guesses[folded]][:NEAREST]


def _listed(what: str, names: Iterable[str]) -> str:
    told = "; ".join(names)
    return f"{what}: {told}." if told else ""
