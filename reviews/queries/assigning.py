"""Who of a board carries how much, and how dossiers would be given out: what a rehearsal shows and a run then does."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.lifecycle import State
from models_registry.models import ConflictDeclaration, ConflictOverride, Dossier
from models_registry.querysets.conflicts import conflicts
from organizations.models import Person
from organizations.permissions import reach
from organizations.queries import people_at
from reviews.models import Absence, Assignment, AssignmentRule
from reviews.queries.appraisal import short_of_scorers
from reviews.querysets import BOARD_ROLES
from reviews.sharing import share, share_seats

MOST = 500  # dossiers given out at once
HAND, RULE, EVENLY = "hand", "rule", "evenly"
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
    """One of the board's people: how many dossiers they hold, and until when they are away."""

    person: Person
    holds: int = 0
    away: Absence | None = None
    current: bool = True


def seats_of(body_id: int, at: datetime) -> list[Seat]:
    """Return the board's appraisers and heads, and who else still holds its dossiers, by given name; three queries."""
    held = Assignment.objects.held().filter(dossier__body=body_id).order_by().values("appraiser")
    holds = dict(held.annotate(count=Count("pk")).values_list("appraiser", "count"))
    people = {person.pk: person for person in people_at(body_id, BOARD_ROLES, at)}
    gone = Person.objects.filter(pk__in=set(holds) - set(people)) if set(holds) - set(people) else ()
    away = {one.person_id: one for one in Absence.objects.filter(body=body_id).on(localdate(at))}
    seats = [Seat(person, holds.get(pk, 0), away.get(pk)) for pk, person in people.items()]
    seats += [Seat(person, holds[person.pk], away.get(person.pk), current=False) for person in gone]
    return sorted(seats, key=lambda seat: seat.person.sort_key)


def waiting(user) -> QuerySet[Dossier]:
    """Return the own board's dossiers nobody has taken, the longest waiting first."""
    return _loaded(Dossier.objects.visible_to(user).awaiting_appraisal())


def short(user) -> QuerySet[Dossier]:
    """Return the own board's dossiers with a seat free beside who holds them."""
    return _loaded(short_of_scorers(Dossier.objects.visible_to(user)))


def held_by(user, people: Collection[int]) -> QuerySet[Dossier]:
    """Return the own board's dossiers in the hands of these people."""
    held = Assignment.objects.held().leading().filter(appraiser__in=people)
    return _loaded(Dossier.objects.visible_to(user).filter(pk__in=held.values("dossier")))


def _loaded(dossiers):
    found = dossiers.select_related("unit", "round").defer("folded", "lacking")
    return found.order_by("submitted_at", "pk")


def in_unfit_hands(user, at: datetime) -> QuerySet[Dossier]:
    """Return the board's dossiers held by who is away, has left, or may not judge them; three queries and its own."""
    body = user.post.unit_id
    held = Assignment.objects.held().leading().filter(dossier__body=body).values_list("appraiser", "dossier")
    pairs = list(held)
    fit = {person.pk for person in people_at(body, BOARD_ROLES, at)}
    fit -= set(Absence.objects.filter(body=body).on(localdate(at)).values_list("person", flat=True))
    barred = conflicts({who for who, _pk in pairs}, body=body, dossiers={pk for _who, pk in pairs}) if pairs else {}
    unfit = [pk for who, pk in pairs if who not in fit or pk in barred[who]]
    return _loaded(Dossier.objects.visible_to(user).filter(pk__in=unfit))


@dataclass(slots=True)
class Plan:
    """How dossiers would be given out: (dossier, who holds it) pairs, {dossier: who scores beside}, (dossier, why not),
    (dossier, how many scorers it still lacks), and what each person would hold then."""

    given: list[tuple[Dossier, Person]] = field(default_factory=list)
    beside: dict[Dossier, list[Person]] = field(default_factory=dict)
    short: list[tuple[Dossier, int]] = field(default_factory=list)
    left: list[tuple[Dossier, str]] = field(default_factory=list)
    loads: list[tuple[Person, int, int]] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[Dossier, Person | None, list[Person]]]:
        """Each dossier somebody is given: who is to hold it (None where that stays), and who scores beside."""
        leads = dict(self.given)
        return [(one, leads.get(one), self.beside.get(one, [])) for one in {**leads, **self.beside}]

    @property
    def seats(self) -> list[Person]:
        return [person for _dossier, person in self.given] + [one for people in self.beside.values() for one in people]


def plan(
    dossiers: Sequence[Dossier],
    seats: Sequence[Seat],
    *,
    method: str,
    to: int | None = None,
    cap: int | None = None,
    lead: bool = True,
    beside: bool = True,
) -> Plan:
    """Return how these dossiers of one board would be given out among its people; two queries, one more for seats.

    By HAND all go to one person; by RULE to whom the first fitting rule names; EVENLY among the appraisers, so that
    loads differ as little as conflicts of interest and the cap allow. The seats beside are shared evenly where the
    round asks for several scorers; with `lead` False only those of dossiers that somebody holds, by HAND one of
    each to that person.
    """
    if not dossiers:
        return Plan()
    body = dossiers[0].body_id
    people = {seat.person.pk: seat.person for seat in seats if seat.current and seat.away is None}
    appraisers = [pk for pk, person in people.items() if person.post.role == "appraiser"] or list(people)
    barred = conflicts(people, body=body, dossiers=[dossier.pk for dossier in dossiers])
    wanted = _wanted(dossiers, body, method, to, appraisers)
    free = {pk: [who for who in named if who in people and pk not in barred[who]] for pk, named in wanted.items()}
    loads = {seat.person.pk: seat.holds for seat in seats if seat.person.pk in people}
    made, now = Plan(), dict(loads)
    if lead:
        given = share(free, loads, cap=cap)
        for dossier in dossiers:
            if who := given.get(dossier.pk):
                made.given.append((dossier, people[who]))
                now[who] += 1
            else:
                made.left.append((dossier, _why(dossier.pk, wanted[dossier.pk], free[dossier.pk], seats, barred)))
    if beside:
        scorers = [to] if method == HAND and not lead else appraisers
        fit = {one.pk: [who for who in scorers if who in people and one.pk not in barred[who]] for one in dossiers}
        to_fill = [one for one, _who in made.given] if lead else dossiers
        _fill_seats(made, to_fill, people, fit, now, cap=cap, lead=lead)
    for person in made.seats[len(made.given) :]:
        now[person.pk] += 1
    made.loads = [(people[pk], loads[pk], now[pk]) for pk in people if pk in appraisers or now[pk] != loads[pk]]
    return made


def _fill_seats(
    made: Plan, dossiers: Sequence[Dossier], people: dict[int, Person], fit, loads, *, cap: int | None, lead: bool
) -> None:
    """Name in the plan who takes the free seats beside, and what stays short; a query where a round asks for several.

    With `lead` the holder is who the plan names, so that the seat of who holds it now falls free.
    """
    several = [one for one in dossiers if one.round.appraisers > 1]
    if not several:
        return
    held = Assignment.objects.filter(dossier__in=several, released_at__isnull=True)
    held = held.filter(is_lead=False) if lead else held
    seated = {one.pk: set() for one in several}
    for pk, who in held.values_list("dossier", "appraiser"):
        seated[pk].add(who)
    for dossier, person in made.given:
        seated.get(dossier.pk, set()).add(person.pk)
    lacking = {one.pk: one.round.appraisers - len(seated[one.pk]) for one in several}
    fit = {one.pk: [who for who in fit[one.pk] if who not in seated[one.pk]] for one in several}
    found = share_seats(lacking, fit, loads, cap=cap)
    for dossier in several:
        if named := found[dossier.pk]:
            made.beside[dossier] = [people[who] for who in named]
        elif not lead:
            why = _("Không còn ai chấm được: có xung đột lợi ích, vắng mặt hoặc đã đủ số hồ sơ.")
            made.left.append((dossier, why))
            continue
        if (missing := lacking[dossier.pk] - len(found[dossier.pk])) > 0:
            made.short.append((dossier, missing))


def _wanted(dossiers, body: int, method: str, to: int | None, appraisers: list[int]) -> dict[int, list[int]]:
    if method == EVENLY:
        return {dossier.pk: appraisers for dossier in dossiers}
    if method == HAND:
        return {dossier.pk: [to] for dossier in dossiers}
    rules = list(AssignmentRule.objects.filter(body=body).select_related("unit"))
    first = {dossier.pk: next((rule for rule in rules if rule.fits(dossier)), None) for dossier in dossiers}
    return {pk: [rule.appraiser_id] if rule else [] for pk, rule in first.items()}


def _why(pk: int, wanted: list[int], free: list[int], seats: Sequence[Seat], barred) -> str:
    """Return why nobody gets a dossier."""
    if free:
        return _("Những người thẩm định được hồ sơ này đều đã đủ số hồ sơ tối đa.")
    if not wanted:
        return _("Không có quy tắc nào ứng với hồ sơ này.")
    said = []
    for seat in seats:
        if seat.person.pk in wanted:
            if not seat.current:
                why = _("không còn vai trò ở Ban")
            elif seat.away is not None:
                why = _("đang vắng mặt")
            else:
                why = said_of(barred[seat.person.pk].get(pk, ()))
            said.append(f"{seat.person.full_name}: {why}")
    return ". ".join(said) or _("Người được nêu không còn vai trò ở Ban.")


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
