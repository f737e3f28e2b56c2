"""The board's queue: dossiers sent to it, filtered, counted by state, sorted and paged."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.functions import Left
from django.utils.functional import cached_property
from django.utils.timezone import localdate

from models_registry.lifecycle import State
from models_registry.models import Dossier, RegistrationRound
from organizations.models import Unit
from organizations.paths import path_end
from reviews.clock import appraisal_due_on, days_waited, late_if_sent_before, sent_before
from reviews.models import Assignment
from vietnamese.folding import fold

PAGE = 50
AT_THE_BOARD = (State.SUBMITTED, State.UNDER_APPRAISAL)
# "submitted" puts the longest waiting first.
ORDERS = {"submitted": ("submitted_at", "pk"), "title": (Left("folded", 80), "pk"), "unit": ("unit__sort_key", "pk")}
SORTS = frozenset(ORDERS) | {f"-{key}" for key in ORDERS}
ALL = "all"


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What the address asks for; `waiting` are days at least, `unit` stands for itself and all below.

    `rounds` are the body's own as (id, working days of appraisal): what overdue is told by.
    """

    q: str = ""
    unit: Unit | None = None
    kind: str = ""
    theme: int | None = None
    round: int | None = None
    state: str = State.SUBMITTED
    waiting: int | None = None
    mine: bool = False
    proposed: bool = False
    overdue: bool = False
    sort: str = "submitted"
    rounds: tuple[tuple[int, int], ...] = ()


class QueueRow(NamedTuple):
    """One line of the queue. `holder` is who appraises it now, `proposed` what that person proposes; both may be ""."""

    pk: int
    title: str
    kind: str
    state: str
    version: int
    unit: str
    year: int
    submitted_at: datetime
    days: int | None
    late: bool
    holder: str
    proposed: str

    @property
    def state_label(self) -> str:
        return State(self.state).label

    @property
    def kind_label(self) -> str:
        return Dossier.Kind(self.kind).label

    @property
    def proposed_label(self) -> str:
        return Assignment.Proposed(self.proposed).label if self.proposed else ""

    @property
    def address(self) -> str:
        """The appraisal page, as seen from the queue's own address: a page of fifty reverses no URLs."""
        return f"{self.pk}/"


def queue(user, filters: QueueFilters, *, at: datetime):
    """Return the dossiers of the own body that pass the filters, unsorted."""
    found = Dossier.objects.visible_to(user)
    today = localdate(at)
    if filters.state != ALL:
        found = found.filter(state=filters.state)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.round:
        found = found.filter(round=filters.round)
    if filters.theme:
        found = found.filter(round__in=RegistrationRound.objects.filter(theme=filters.theme).values("pk"))
    if filters.unit:
        path = filters.unit.path
        found = found.filter(unit__in=Unit.objects.filter(path__gte=path, path__lt=path_end(path)).values("pk"))
    if filters.waiting:
        found = found.filter(state__in=AT_THE_BOARD, submitted_at__lt=sent_before(today, filters.waiting))
    if filters.overdue:
        found = found.filter(overdue_at_board(filters.rounds, today))
    if filters.mine or filters.proposed:
        held = Assignment.objects.visible_to(user).held()
        held = held.filter(appraiser=user) if filters.mine else held
        held = held.proposed() if filters.proposed else held
        found = found.filter(pk__in=held.values("dossier"))
    if words := fold(filters.q):
        found = found.filter(folded__contains=words)
    return found


def counts_by_state(user, filters: QueueFilters, *, at: datetime) -> dict[str, int]:
    """Return {state: how many pass the other filters}; one query over an index of the body's dossiers."""
    rows = queue(user, replace(filters, state=ALL), at=at).order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def overdue_at_board(rounds: Iterable[tuple[int, int]], today: date) -> Q:
    """Dossiers of these (round, working days) that the board should have answered by now; no query."""
    by_days: dict[int, list[int]] = {}
    for pk, days in rounds:
        by_days.setdefault(days, []).append(pk)
    late = Q(pk__in=())
    for days, pks in by_days.items():
        late |= Q(round__in=pks, submitted_at__lt=late_if_sent_before(today, days))
    return late & Q(state__in=AT_THE_BOARD)


class QueuePaginator(Paginator):
    """Pages whose count is known and whose rows are found by their keys first.

    The keys of a page are read from an index, from whichever end is nearer; then the page's rows alone are joined.
    Three queries a page.
    """

    def __init__(self, dossiers, *, count: int, sort: str, today: date):
        super().__init__(dossiers, PAGE)
        self._count, self._today = count, today
        self._order = ORDERS[sort.removeprefix("-")]
        self._descending = sort.startswith("-")

    @cached_property
    def count(self) -> int:
        return self._count

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return self._get_page(rows_of(self._keys(first), self._today), number, self)

    def _keys(self, first: int) -> list[int]:
        size = max(0, min(self.per_page, self.count - first))
        from_the_end = self.count - first - size
        if from_the_end < first:
            keys = self._ordered(not self._descending)[from_the_end : from_the_end + size]
            return list(keys)[::-1]
        return list(self._ordered(self._descending)[first : first + size])

    def _ordered(self, descending: bool):
        order = [_directed(term, descending) for term in self._order]
        return self.object_list.order_by(*order).values_list("pk", flat=True)


def _directed(term, descending: bool):
    if isinstance(term, str):
        return f"-{term}" if descending else term
    return term.desc() if descending else term.asc()


FIELDS = (
    "pk",
    "title",
    "kind",
    "state",
    "version",
    "unit__name",
    "year",
    "submitted_at",
    "round__appraisal_days",
)


def rows_of(keys: list[int], today: date) -> list[QueueRow]:
    """Return the lines of these dossiers, in the order of the keys; two queries."""
    found = {row[0]: row for row in Dossier.objects.filter(pk__in=keys).order_by().values_list(*FIELDS)}
    return _with_holders([found[key] for key in keys if key in found], today)


def all_rows(dossiers, sort: str, today: date, *, chunk: int = 1000) -> Iterable[QueueRow]:
    """Yield every line of the filtered queue in order, without holding them all; two queries a chunk."""
    ordered = dossiers.order_by(*(_directed(term, sort.startswith("-")) for term in ORDERS[sort.removeprefix("-")]))
    keys = list(ordered.values_list("pk", flat=True))
    for start in range(0, len(keys), chunk):
        yield from rows_of(keys[start : start + chunk], today)


def _with_holders(rows: list[tuple], today: date) -> list[QueueRow]:
    held = Assignment.objects.held().filter(dossier__in=[row[0] for row in rows])
    holders = {pk: rest for pk, *rest in held.values_list("dossier", "appraiser__full_name", "proposed")}
    return [_row(row, *holders.get(row[0], ("", "")), today) for row in rows]


def _row(found: tuple, holder: str, proposed: str, today: date) -> QueueRow:
    *shown, submitted_at, working_days = found
    waits = found[3] in AT_THE_BOARD
    days = days_waited(submitted_at, today) if waits else None
    # Working days are never fewer than calendar days, so most rows need no calendar.
    late = waits and days > working_days and appraisal_due_on(submitted_at, working_days) < today
    return QueueRow(*shown, submitted_at, days, late, holder, proposed)
