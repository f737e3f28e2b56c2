"""Who of a board carries how much, which dossiers are to be given out, and what stands against whom."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from models_registry.lifecycle import State
from models_registry.models import ConflictDeclaration, ConflictOverride, Dossier
from models_registry.querysets.conflicts import conflicts
from organizations.models import Person
from organizations.permissions import reach
from organizations.queries import people_at
from reviews.models import Absence, Assignment
from reviews.queries.appraisal import short_of_scorers
from reviews.querysets import BOARD_ROLES

Leaving = dict[int, dict[int, bool]]  # {dossier: {who is to give the seat up: whether they lead}}
# What bars somebody, as it is said of that person.
RULES = {
    "author": gettext_lazy("đã soạn hoặc gửi hồ sơ"),
    "unit": gettext_lazy("có vai trò ở đơn vị đăng ký"),
    "co_unit": gettext_lazy("có vai trò ở đơn vị cùng thực hiện"),
    "family": gettext_lazy("có vai trò ở cấp trên hoặc cấp dưới của đơn vị"),
    "stand_in": gettext_lazy("ủy quyền cho người soạn, người gửi, hoặc được họ ủy quyền"),
    "exemplar": gettext_lazy("trùng tên với cá nhân điển hình được nêu"),
    "declared": gettext_lazy("đã khai báo xung đột lợi ích"),
}


def said_of(rules: Iterable[str]) -> str:
    """Return in words what bars somebody."""
    return "; ".join(str(text) for rule, text in RULES.items() if rule in rules)


@dataclass(slots=True)
class Seat:
    """One of the board's people: how many dossiers wait for their work, and until when they are away."""

    person: Person
    holds: int = 0
    away: Absence | None = None
    current: bool = True


def seats_of(body_id: int, at: datetime) -> list[Seat]:
    """Return the board's appraisers and heads, and who else still holds its dossiers, by given name; three queries."""
    held = Assignment.objects.at_work().filter(dossier__body=body_id).order_by()
    own = held.filter(appraiser=OuterRef("pk")).values("appraiser").annotate(count=Count("pk")).values("count")
    holders = {
        one.pk: one for one in Person.objects.filter(pk__in=held.values("appraiser")).annotate(holds=Subquery(own))
    }
    people = {person.pk: person for person in people_at(body_id, BOARD_ROLES, at)}
    away = {one.person_id: one for one in Absence.objects.filter(body=body_id).on(localdate(at))}
    holds = {pk: one.holds for pk, one in holders.items()}
    seats = [Seat(person, holds.get(pk, 0), away.get(pk)) for pk, person in people.items()]
    seats += [Seat(one, one.holds, away.get(pk), current=False) for pk, one in holders.items() if pk not in people]
    return sorted(seats, key=lambda seat: seat.person.sort_key)


def waiting(user) -> QuerySet[Dossier]:
    """Return the own board's dossiers nobody has taken, the longest waiting first."""
    return _loaded(Dossier.objects.visible_to(user).awaiting_appraisal())


def short(user) -> QuerySet[Dossier]:
    """Return the own board's dossiers with a seat free beside who holds them."""
    return _loaded(short_of_scorers(Dossier.objects.visible_to(user)))


def in_hands(user, leaving: Collection[int]) -> QuerySet[Dossier]:
    """Return those of the own board's dossiers with these ids, the longest waiting first."""
    return _loaded(Dossier.objects.visible_to(user).filter(pk__in=leaving))


def _loaded(dossiers):
    found = dossiers.select_related("unit", "round").defer("folded", "lacking")
    return found.order_by("submitted_at", "pk")


def seats_held_by(user, person_id: int) -> Leaving:
    """Return where somebody of the own board has work before them; one query."""
    return _leaving(Assignment.objects.visible_to(user).at_work().filter(appraiser=person_id))


def unfit_seats(user, seats: Sequence[Seat]) -> Leaving:
    """Return the board's seats in the hands of who is away, has left, or may not judge the dossier; two queries.

    A sheet handed in stays where its owner is away or gone, and not where they may not judge it.
    """
    fit = {seat.person.pk for seat in seats if seat.current and seat.away is None}
    held = list(Assignment.objects.visible_to(user).held())
    people, dossiers = {one.appraiser_id for one in held}, {one.dossier_id for one in held}
    barred = conflicts(people, body=user.post.unit_id, dossiers=dossiers) if held else {}
    return _leaving(
        one
        for one in held
        if one.dossier_id in barred[one.appraiser_id] or (one.appraiser_id not in fit and one.is_at_work)
    )


def _leaving(seats: Iterable[Assignment]) -> Leaving:
    found: Leaving = {}
    for one in seats:
        found.setdefault(one.dossier_id, {})[one.appraiser_id] = one.is_lead
    return found


@dataclass(slots=True)
class Standing:
    """Where one person of the board stands to one dossier: what bars them, and an override asked for or in force."""

    seat: Seat
    rules: set[str]
    override: ConflictOverride | None

    @property
    def barred(self) -> bool:
        return bool(self.rules)

    @property
    def why(self) -> str:
        return said_of(self.rules)


def standings(dossier: Dossier, at: datetime) -> list[Standing]:
    """Return for each of the board's people whether they may judge a dossier and why not; five queries."""
    seats = [seat for seat in seats_of(dossier.body_id, at) if seat.current]
    barred = conflicts([seat.person.pk for seat in seats], body=dossier.body_id, dossiers=[dossier.pk])
    asked = dossier.overrides.of_this_round().exclude(granted=False).select_related("requested_by", "answered_by")
    overrides = {one.person_id: one for one in asked}
    return [
        Standing(seat, barred[seat.person.pk].get(dossier.pk, set()), overrides.get(seat.person.pk)) for seat in seats
    ]


def declarations_seen(user) -> QuerySet[ConflictDeclaration]:
    """Return the standing declarations before this person, newest first, with what they name; one query.

    What is said of a dossier out of sight names only its number.
    """
    found = ConflictDeclaration.objects.visible_to(user).standing()
    return found.select_related("person", "unit", "dossier__unit", "declared_by")


def overrides_seen(user) -> QuerySet[ConflictOverride]:
    """Return the overrides asked for that this person may answer or has a part in, newest first; one query.

    A head those of the own board, a leader and an administrator those of units within reach; nobody about oneself, nor
    what conflicts with the own interest.
    """
    found = ConflictOverride.objects.of_this_round().exclude(person=user.pk)
    if user.post is not None and user.post.role in BOARD_ROLES:
        found = found.filter(dossier__in=Dossier.objects.visible_to(user).values("pk"))
    else:
        found = found.filter(reach(user, unit="dossier__unit")).exclude(dossier__state=State.DRAFT)
    return found.select_related("dossier__unit", "dossier__body", "person", "requested_by", "answered_by")


def overrides_awaiting(user) -> QuerySet[ConflictOverride]:
    """Return those that wait for this person's word: asked by somebody else, about somebody else."""
    return overrides_seen(user).open().exclude(requested_by=user.pk)
