"""How dossiers would be given out among a board's people: what a rehearsal shows and a run then does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from models_registry.models import Dossier
from models_registry.querysets.conflicts import conflicts
from organizations.models import Person
from reviews.models import Assignment, AssignmentRule
from reviews.queries.assigning import Leaving, Seat, said_of
from reviews.sharing import share, share_seats

MOST = 500  # dossiers given out at once
HAND, RULE, EVENLY = "hand", "rule", "evenly"


@dataclass(slots=True)
class Plan:
    """How dossiers would be given out: (dossier, who holds it) pairs, {dossier: who scores beside}, {dossier: whose
    seats the first of these take}, (dossier, why not), (dossier, how many scorers it still lacks), and what each
    person would hold then."""

    given: list[tuple[Dossier, Person]] = field(default_factory=list)
    beside: dict[Dossier, list[Person]] = field(default_factory=dict)
    freed: dict[Dossier, list[Person]] = field(default_factory=dict)
    short: list[tuple[Dossier, int]] = field(default_factory=list)
    left: list[tuple[Dossier, str]] = field(default_factory=list)
    loads: list[tuple[Person, int, int]] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[Dossier, Person | None, list[Person]]]:
        """Each dossier somebody is given: who is to hold it (None where that stays), and who scores beside."""
        leads = dict(self.given)
        return [(one, leads.get(one), self.beside.get(one, [])) for one in {**leads, **self.beside}]

    @property
    def pairs(self) -> list[str]:
        """Each row as the form sends it: dossier:holder (0: stays) and who scores beside, `8-5` in the seat of 5."""
        return [
            ":".join([f"{one.pk}", f"{lead.pk if lead else 0}", *self._seated(one, beside)])
            for one, lead, beside in self.rows
        ]

    def _seated(self, dossier: Dossier, beside: Sequence[Person]) -> list[str]:
        freed = [f"-{person.pk}" for person in self.freed.get(dossier, ())]
        return [f"{person.pk}{seat}" for person, seat in zip(beside, freed + [""] * len(beside), strict=False)]

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
    leaving: Leaving | None = None,
) -> Plan:
    """Return how these dossiers of one board would be given out among its people; two queries, one more for seats.

    By HAND all go to one person; by RULE to whom the first fitting rule names; EVENLY among the appraisers, so that
    loads differ as little as conflicts of interest and the cap allow. The seats beside are shared evenly where the
    round asks for several scorers; with `lead` False only those of dossiers that somebody holds, by HAND one of
    each to that person. With `leaving` the seats of these people alone are given to others, and what falls free.
    """
    if not dossiers:
        return Plan()
    body = dossiers[0].body_id
    people = {seat.person.pk: seat.person for seat in seats if seat.current and seat.away is None}
    appraisers = [pk for pk, person in people.items() if person.post.role == "appraiser"] or list(people)
    barred = conflicts(people, body=body, dossiers=[dossier.pk for dossier in dossiers])
    out = {one.pk: (leaving or {}).get(one.pk, {}) for one in dossiers}
    loads = {seat.person.pk: seat.holds for seat in seats if seat.person.pk in people}
    now = {pk: held - sum(pk in leads for leads in out.values()) for pk, held in loads.items()}

    def fit(dossier: Dossier, named: Sequence[int]) -> list[int]:
        return [who for who in named if who in people and who not in out[dossier.pk] and dossier.pk not in barred[who]]

    made = Plan()
    if lead:
        to_lead = [one for one in dossiers if leaving is None or any(out[one.pk].values())]
        wanted = _wanted(to_lead, body, method, to, appraisers)
        free = {one.pk: fit(one, wanted[one.pk]) for one in to_lead}
        given = share(free, now, cap=cap)
        for dossier in to_lead:
            if who := given.get(dossier.pk):
                made.given.append((dossier, people[who]))
                now[who] += 1
            else:
                made.left.append((dossier, _why(dossier.pk, wanted[dossier.pk], free[dossier.pk], seats, barred)))
    if beside:
        left = {dossier for dossier, _why_not in made.left}
        scorers = [to] if method == HAND and (leaving or not lead) else appraisers
        to_fill = {one: fit(one, scorers) for one in dossiers if one not in left}
        _fill_seats(made, to_fill, seats, out, now, cap=cap)
    made.loads = _loads(made, people, loads, out, appraisers)
    return made


def _loads(made: Plan, people: dict[int, Person], loads: dict[int, int], out: Leaving, appraisers) -> list[tuple]:
    """Return (person, holds now, would hold) of the appraisers and of whose load changes."""
    now = Counter(loads)
    now.update(person.pk for person in made.seats)
    now.subtract(who for one, _lead in made.given for who, leads in out[one.pk].items() if leads)
    now.subtract(person.pk for freed in made.freed.values() for person in freed)
    return [(people[pk], loads[pk], now[pk]) for pk in people if pk in appraisers or now[pk] != loads[pk]]


def _fill_seats(
    made: Plan, fit: dict[Dossier, list[int]], seats: Sequence[Seat], out: Leaving, loads, *, cap: int | None
) -> None:
    """Name in the plan who takes the seats beside that are free or given up, and what stays short; a query for these.

    Who is to hold a dossier takes the seat of who holds it now. Somebody's seat is filled even where a round has come
    to ask for fewer.
    """
    several = {one: who for one, who in fit.items() if one.round.appraisers > 1 or False in out[one.pk].values()}
    if not several:
        return
    known, leads = {seat.person.pk: seat.person for seat in seats}, dict(made.given)
    seated = {one: {leads[one].pk} if one in leads else set() for one in several}
    by_id = {one.pk: one for one in several}
    held = Assignment.objects.filter(dossier__in=by_id, released_at__isnull=True)
    for pk, who, is_lead in held.values_list("dossier", "appraiser", "is_lead"):
        if who not in out[pk] and not (is_lead and by_id[pk] in leads):
            seated[by_id[pk]].add(who)
    freed = {one: [who for who, is_lead in out[one.pk].items() if not is_lead] for one in several}
    lacking = {one: max(one.round.appraisers - len(seated[one]), len(freed[one])) for one in several}
    found = share_seats(
        lacking, {one: [who for who in several[one] if who not in seated[one]] for one in several}, loads, cap=cap
    )
    for dossier, named in found.items():
        if named:
            made.beside[dossier] = [known[who] for who in named]
            made.freed[dossier] = [known[who] for who in freed[dossier][: len(named)]]
        elif lacking[dossier] > 0 and dossier not in leads:
            why = _("Không còn ai chấm được: có xung đột lợi ích, vắng mặt hoặc đã đủ số hồ sơ.")
            made.left.append((dossier, why))
            continue
        if (missing := lacking[dossier] - len(named)) > 0:
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
