"""The list behind a number as pages and files go through it: each item with its unit, and why it counts or not."""

from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from completion.computing import checks_of
from completion.models import FrozenUnit
from completion.queries.behind import Reading, Reasoned, behind, names_of, with_reasons
from completion.queries.reasons import why_counted
from completion.queries.sealed import Line, SealedItems
from completion.rates import judge
from models_registry.models import WorkItem
from progress.models import Fact

CHUNK = 1000


class Behind:
    """The items that a part (n, N, X or rest) of a rate counts in a reading, as many as the number says.

    Of a sealed revision as its lines say, of the provisional one by the facts known at its K. A slice is a list of
    Reasoned, read in some five queries. With `terms`, those of them whose text holds all these words, but for works of
    dossiers `unseen`; with `waiting`, those in the unit's bucket alone. Gone through, `at_a_time` are held.
    """

    def __init__(
        self,
        reading: Reading,
        rate: str,
        part: str,
        *,
        kind: str = "ALL",
        terms: Sequence[str] = (),
        unseen: Collection[int] = (),
        waiting: bool = False,
        at_a_time: int = CHUNK,
    ):
        self.reading, self.rate, self.at_a_time = reading, rate, at_a_time
        if reading.revision.sealed:
            self._found = SealedItems(reading, rate, part, kind=kind, terms=terms, unseen=unseen, waiting=waiting)
        else:
            self._found = behind(reading, rate, part, kind=kind, waiting=waiting).speaking_of(terms)
            self._found = self._found.exclude(dossier__in=unseen) if terms and unseen else self._found

    def count(self) -> int:
        return self._found.count()

    __len__ = count

    def __getitem__(self, part: slice) -> list[Reasoned]:
        if isinstance(self._found, SealedItems):
            return _reasoned(self._found[part], self._found.names, self.reading, rate=self.rate)
        return with_reasons(self._shown(self._found)[part], self.reading, rate=self.rate)

    def __iter__(self) -> Iterator[Reasoned]:
        if isinstance(self._found, SealedItems):
            for start in range(0, self.count(), self.at_a_time):
                yield from self[start : start + self.at_a_time]
            return
        keys = list(self._found.values_list("pk", flat=True))
        for start in range(0, len(keys), self.at_a_time):
            here = keys[start : start + self.at_a_time]
            works = self._shown(WorkItem.objects).in_bulk(here)
            page = [works[pk] for pk in here]
            yield from with_reasons(page, self.reading, rate=self.rate)

    @staticmethod
    def _shown(found):
        return found.select_related("unit", "measure", "dossier__round")


Pairs = Sequence[tuple[WorkItem, Line]]


def reasons_on(sides: Sequence[tuple[Reading, Pairs]], *, rate: str) -> list[list[Reasoned]]:
    """Return items with what their lines in several readings say of them; two queries, and one a reading for R8."""
    wanted = [Q(revision=reading.revision, unit__in={line.home for _item, line in pairs}) for reading, pairs in sides]
    places = FrozenUnit.objects.filter(reduce(or_, wanted)).order_by()
    names: dict[int, dict[int, str]] = {}
    for revision, unit, name in places.values_list("revision_id", "unit_id", "name"):
        names.setdefault(revision, {})[unit] = name
    facts = _facts_of([item for _reading, pairs in sides for item, _line in pairs])
    return [_told(pairs, names.get(one.revision.pk, {}), facts, one, rate=rate) for one, pairs in sides]


def _reasoned(pairs: Pairs, names: dict[int, str], reading: Reading, *, rate: str) -> list[Reasoned]:
    if not pairs:
        return []
    names = names or names_of((line.home for _item, line in pairs), reading)
    return _told(pairs, names, _facts_of([item for item, _line in pairs]), reading, rate=rate)


def _facts_of(items: Sequence[WorkItem]) -> dict[int, list[Fact]]:
    facts: dict[int, list[Fact]] = {item.pk: [] for item in items}
    for fact in Fact.objects.of(list({item.pk: item for item in items}.values())):
        facts[fact.item_id].append(fact)
    return facts


def _told(pairs: Pairs, names: dict[int, str], facts: dict[int, list[Fact]], reading: Reading, *, rate: str):
    frame = reading.frame
    checks = checks_of(frame, [item.pk for item, _line in pairs]) if rate == "r8" else {}
    found = []
    for item, line in pairs:
        told = {"came": line.came, "corrected": reading.corrected.get(item.pk, "")}
        why = why_counted(line.state, frame, facts[item.pk], checks.get(item.pk, ()), rate=rate, **told)
        found.append(Reasoned(item, line.state, judge(line.state, frame), why, names[line.home]))
    return found
