"""The board's queue: dossiers sent to it, filtered, sorted and paged."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import CharField, F, FilteredRelation, OrderBy, Q
from django.db.models.functions import Left
from django.utils.functional import cached_property
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _

from journal.questions import Among, Blank, Part, Question
from models_registry.clock import Clock, sent_before
from models_registry.lifecycle import State
from models_registry.models import Dossier, RegistrationRound, Turn
from models_registry.queries.in_sight import at_the_board, seen_at_the_board
from models_registry.queries.turns import clocks_of
from models_registry.querysets.search import reading
from organizations.models import Unit
from organizations.paths import path_end
from reviews.models import Assignment, SavedFilter
from reviews.queries.appraisal import short_of_scorers
from reviews.querysets import AT_THE_BOARD
from vietnamese.display import DASH, day_text, number_text
from vietnamese.searching import asked

PAGE = 50
# Where words find more than MANY, the first MOST_NEAR of them are looked for among the first rows, not by their index.
MANY, MOST_NEAR, NEAR = 1000, 200, 5000
# "submitted" puts the longest waiting first, "due" the most pressing.
ORDERS = {
    "submitted": (F("submitted_at"), F("pk")),
    "due": (F("due_on"), F("pk")),
    "title": (Left("folded", 80), F("pk")),
    "unit": (F("unit__sort_key"), F("pk")),
}
SORTS = frozenset(ORDERS) | {f"-{key}" for key in ORDERS}
ALL = "all"
SENT = [state for state in State if state != State.DRAFT]


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What the address asks for; `waiting` are days at least, `unit` stands for itself and all below."""

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
    late_unit: bool = False
    short: bool = False
    sort: str = "submitted"


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
    due_on: date | None
    clock: Clock
    late: bool
    holder: str
    proposed: str

    @property
    def state_label(self) -> str:
        return State(self.state).label

    @property
    def days(self) -> int | None:
        """How many days the board has held it this time; None while it does not."""
        running = self.clock.running
        return running.days.calendar if running and running.turn.side == Turn.Side.BOARD else None

    @property
    def shares(self) -> str:
        """What each side has used of it so far, once it went to and fro."""
        if len(self.clock.spells) < 2:
            return ""
        used = {"board": number_text(self.clock.board.working), "unit": number_text(self.clock.unit.working)}
        return _("Ban %(board)s, đơn vị %(unit)s ngày làm việc") % used

    @property
    def kind_label(self) -> str:
        return Dossier.Kind(self.kind).label

    @property
    def proposed_label(self) -> str:
        return Assignment.Proposed(self.proposed).label if self.proposed else ""


def shown(rows: Iterable[QueueRow], late_badge: str, suffix: str = "") -> list[dict[str, str]]:
    """Return what the table prints, as texts: fifty rows of filters and lookups would cost more than the query."""
    labels = {one.value: str(one.label) for one in (*State, *Dossier.Kind, *Assignment.Proposed)}
    held, later, zone = _("%(count)s ngày"), _("%(kind)s, bản %(version)d"), get_current_timezone()
    return [
        {
            # As seen from the queue's own address, so that a page of fifty reverses no URLs.
            "address": f"{row.pk}/{suffix}",
            "key": str(row.pk),
            "title": row.title,
            "about": later % {"kind": labels[row.kind], "version": row.version}
            if row.version > 1
            else labels[row.kind],
            "unit": row.unit,
            "state": row.state,
            "state_label": labels[row.state],
            "proposed": labels[row.proposed] if row.proposed else "",
            "sent": day_text(row.submitted_at, zone),
            "waited": DASH if (days := row.days) is None else held % {"count": number_text(days)},
            "due": day_text(row.due_on),
            "shares": row.shares,
            "late": late_badge if row.late else "",
            "holder": row.holder or DASH,
        }
        for row in rows
    ]


def queue(user, filters: QueueFilters, *, at: datetime):
    """Return the dossiers of the own body that pass the filters, unsorted."""
    return _whatever_said(user, filters, at=at).speaking_of(asked(filters.q).terms)


def _whatever_said(user, filters: QueueFilters, *, at: datetime):
    """The same, whatever words they are searched for."""
    found = Dossier.objects.visible_to(user)
    today = localdate(at)
    if filters.state != ALL:
        found = found.filter(state=filters.state)
    told = {"kind": filters.kind, "round": filters.round}
    found = found.filter(**{field: value for field, value in told.items() if value})
    if filters.theme:
        found = found.filter(round__in=RegistrationRound.objects.filter(theme=filters.theme).values("pk"))
    if filters.unit:
        path = filters.unit.path
        found = found.filter(unit__in=Unit.objects.filter(path__gte=path, path__lt=path_end(path)).values("pk"))
    if filters.waiting:
        waiting = Turn.objects.open().filter(side=Turn.Side.BOARD, began_at__lt=sent_before(today, filters.waiting))
        found = found.filter(pk__in=waiting.values("dossier"))
    if filters.overdue or filters.late_unit:
        sides = [*AT_THE_BOARD] * filters.overdue + [State.REVISION_REQUESTED] * filters.late_unit
        found = found.late(today).filter(state__in=sides)
    if filters.mine or filters.proposed:
        held = Assignment.objects.visible_to(user).at_work()
        held = held.filter(appraiser=user) if filters.mine else held
        held = held.proposed() if filters.proposed else held
        found = found.filter(pk__in=held.values("dossier"))
    if filters.short:
        found = short_of_scorers(found)
    return found


# What a filter may ask for and still be worked out once, and what its value is.
PLAIN = {"state": CharField(), "kind": CharField(), "round": None}


def plain(filters: QueueFilters) -> dict | None:
    """Return what a filter asks of the columns in PLAIN, with its values; None where it asks for anything else."""
    blank = {"state": "", "kind": "", "round": None}
    if replace(filters, sort="", **blank) != QueueFilters(sort="", **blank):
        return None
    asked = {name: getattr(filters, name) for name in PLAIN}
    return {name: value for name, value in asked.items() if value and value != ALL}


def asking(dossiers, told: tuple[str, ...]):
    """Return the dossiers narrowed by what `plain` tells, for a question."""
    return dossiers.filter(**{name: Blank(name, PLAIN[name]) for name in told})


@Part
def _plain_keys(sort: str, *told: str):
    return _ordered(asking(at_the_board(), told), sort).values_list("pk", flat=True)


def keys_of(user, filters: QueueFilters, *, count: int, at: datetime) -> Callable[[str, int, int], list[int]]:
    """Return what reads the keys of the filtered queue, `count` in all: in which order, how many to pass by, how many
    at most; two queries at most each time, and what one may not judge once a request."""
    told = plain(filters)
    if told is None:
        found = _whatever_said(user, filters, at=at)
        return lambda sort, first, size: _keys(found, asked(filters.q).terms, count, sort, first, size)
    values = seen_at_the_board(user) | told
    return lambda sort, first, size: _plain_keys(sort, *told, first=first, size=size, **values)


def _keys(found, terms: tuple[str, ...], count: int, sort: str, first: int, size: int) -> list[int]:
    """Return the keys of a part of those that speak of all the words: of words that stand everywhere the first rows
    fill it, and the index would gather them all. Two queries at most."""
    last, ordered = first + size, _ordered(found, sort).values_list("pk", flat=True)
    if terms and count > MANY and last <= MOST_NEAR and len(near := reading(ordered[:NEAR], terms, most=last)) == last:
        return near[first:]
    return list(ordered.speaking_of(terms)[first:last])


@Question
def saved_filters():
    """The filters of the queue a `person` has kept."""
    return SavedFilter.objects.filter(person=Blank("person"))


@Question
def rounds_of_board():
    """The rounds a board (`body`) appraises, with the titles of their themes."""
    rounds = RegistrationRound.objects.filter(body=Blank("body")).select_related("theme")
    return rounds.only("name", "year", "theme__title")


class QueuePaginator(Paginator):
    """Pages whose count is known: the keys of a page are read from an index, from whichever end is nearer, and only
    that page's rows are joined. Three queries a page."""

    def __init__(self, keys: Callable[[str, int, int], list[int]], *, count: int, sort: str, at: datetime):
        super().__init__((), PAGE)
        self._keys, self._count, self._sort, self._at = keys, count, sort, at

    @cached_property
    def count(self) -> int:
        return self._count

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        size = max(0, min(self.per_page, self.count - first))
        from_the_end = self.count - first - size
        if from_the_end < first:
            keys = self._keys(_reverse(self._sort), from_the_end, size)
        else:
            keys = self._keys(self._sort, first, size)
        return self._get_page(rows_of(keys, self._sort, self._at), number, self)


def _reverse(sort: str) -> str:
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"


def _ordered(dossiers, sort: str):
    backwards, key = sort.startswith("-"), sort.removeprefix("-")
    # What waits for nobody has no due day, and stands after what does, on either database.
    nulls = {"nulls_first" if backwards else "nulls_last": True} if key == "due" else {}
    return dossiers.order_by(*(OrderBy(term, descending=backwards, **nulls) for term in ORDERS[key]))


def rows_of(keys: list[int], sort: str, at: datetime) -> list[QueueRow]:
    """Return the lines of some dossiers in an order; two queries."""
    rows, clocks = _lines(sort, dossiers=keys), clocks_of(keys, at)
    today = localdate(at)
    return [_row(row, clocks[row[0]], today) for row in rows]


@Question
def _lines(sort: str):
    held = FilteredRelation("assignments", condition=Q(assignments__released_at=None, assignments__is_lead=True))
    found = Dossier.objects.filter(Among("pk", "dossiers")).annotate(held=held)
    return _ordered(found, sort).values_list(*FIELDS)


def all_rows(dossiers, sort: str, at: datetime, *, chunk: int = 1000) -> Iterable[QueueRow]:
    """Yield every line of the filtered queue in order, without holding them all; two queries a chunk."""
    keys = list(_ordered(dossiers, sort).values_list("pk", flat=True))
    for start in range(0, len(keys), chunk):
        yield from rows_of(keys[start : start + chunk], sort, at)


FIELDS = (
    "pk",
    "title",
    "kind",
    "state",
    "version",
    "unit__name",
    "year",
    "submitted_at",
    "due_on",
    "held__appraiser__full_name",
    "held__proposed",
)


def _row(found: tuple, clock: Clock, today: date) -> QueueRow:
    *shown, due_on, holder, proposed = found
    # A dossier withdrawn from somebody's hands is held by nobody.
    held = (holder, proposed) if found[3] == State.UNDER_APPRAISAL and holder else ("", "")
    return QueueRow(*shown, due_on, clock, due_on is not None and due_on < today, *held)
