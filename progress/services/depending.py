"""Plans that build on each other: one names, by its code, a unit that another founds on the same day or before."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organizations.models import PlannedReorganisation, Succession, Unit
from organizations.paths import ids_of
from organizations.services.units import midnight
from progress.services.plans import Outcome, Plan
from vietnamese.display import day_text

# Where a plan may name a unit that is yet to be founded.
PLACES = ("to", "board")


def codes_needed(asked: dict) -> set[str]:
    """Return the codes of units to be founded that a kept plan names."""
    named = [*(asked.get(place) for place in PLACES), *(one["parent"] for one in asked["founds"])]
    return {one for one in named if isinstance(one, str)}


def codes_founded(asked: dict) -> set[str]:
    return {one["code"] for one in asked["founds"]}


def coming_unit(code: str, user) -> Unit | None:
    """Return, unsaved, a unit that a waiting plan within reach founds; one query."""
    for planned in PlannedReorganisation.objects.visible_to(user).waiting().order_by("effective_on", "id"):
        for one in planned.asked["founds"]:
            if one["code"].casefold() == code.casefold():
                return Unit(code=one["code"], name=one["name"], kind=one["kind"], valid_from=planned.effective_on)
    return None


def standing(plan: Plan) -> Plan:
    """Return a plan whose units all stand; raises ValidationError for one not founded yet, one query for each such."""
    # The form calls where a unit moves to what it calls the place of a new one.
    called = {"to": "parent"} if plan.decision.kind == Succession.Kind.MOVE else {}
    found = {place: _founded(getattr(plan, place), called.get(place, place)) for place in PLACES}
    founds = [replace(one, parent=_founded(one.parent, "parent")) for one in plan.founds]
    return replace(plan, founds=founds, **found)


def _founded(unit: Unit | None, place: str) -> Unit | None:
    if unit is None or unit.pk:
        return unit
    if founded := Unit.objects.filter(code=unit.code).first():
        return founded
    told = {"code": unit.code}
    for planned in PlannedReorganisation.objects.open().order_by("-id"):
        if unit.code in codes_founded(planned.asked):
            told |= {"number": planned.number, "day": day_text(planned.effective_on)}
            said = _("%(code)s chưa được thành lập: quyết định %(number)s, từ %(day)s, chưa thực hiện.")
            raise ValidationError({place: said % told})
    raise ValidationError({place: _("%(code)s chưa được thành lập, và không còn kế hoạch nào lập đơn vị này.") % told})


def in_order(plans: Iterable[PlannedReorganisation]) -> list[PlannedReorganisation]:
    """Return plans as they are carried out: by day, and of one day first those that found what others name."""
    waiting, order = list(plans), []
    while waiting:
        coming = [(one.pk, codes_founded(one.asked)) for one in waiting]
        ready = (
            one for one in waiting if not any(codes & codes_needed(one.asked) for pk, codes in coming if pk != one.pk)
        )
        order.append(next(ready, waiting[0]))
        waiting.remove(order[-1])
    return order


def plans_before(plan: Plan, *, but: int | None = None) -> list[PlannedReorganisation]:
    """Return, in their order, the waiting plans that come before this one's day or on it and touch what it does: that
    found what it names, or change a unit it names, one above or below; three queries."""
    waiting = PlannedReorganisation.objects.due(plan.decision.effective_on).exclude(pk=but)
    rows = list(waiting.prefetch_related("units"))
    above = {pk for unit in plan.named for pk in ids_of(unit.path)}
    codes = {unit.code for unit in plan.named_all if not unit.pk}
    near, far = [], rows
    while True:
        more = [one for one in far if codes_founded(one.asked) & codes or _touches(one, plan, above)]
        if not more:
            return in_order(sorted(near, key=lambda one: (one.effective_on, one.pk)))
        near, far = near + more, [one for one in far if one not in more]
        codes |= {code for one in more for code in codes_needed(one.asked)}


def _touches(planned: PlannedReorganisation, plan: Plan, above: set[int]) -> bool:
    units = planned.units.all()
    return any(unit.pk in above or any(unit.path.startswith(mine.path) for mine in plan.units) for unit in units)


def play(
    plans: Sequence[PlannedReorganisation], carry_out: Callable, plan_of: Callable, confirmer: Callable, *, at: datetime
) -> None:
    """Do within the caller's transaction what plans would do on their days; one that could not is passed over."""
    for planned in plans:
        then = max(at, midnight(planned.effective_on))
        with suppress(PermissionDenied, ValidationError, Unit.DoesNotExist, KeyError), transaction.atomic():
            carry_out(plan_of(planned), Outcome(), by=confirmer(planned, at), at=then)


def refuse_orphans(ended: PlannedReorganisation, instead: Plan | None = None) -> None:
    """Refuse to end a plan that founds what another names, unless the one instead founds it in time; one query."""
    kept = {one.code for one in instead.founds} if instead else set()
    for other in PlannedReorganisation.objects.waiting().exclude(pk=ended.pk):
        needed = codes_needed(other.asked) & codes_founded(ended.asked)
        late = instead is not None and instead.decision.effective_on > other.effective_on
        if lost := (needed if late else needed - kept):
            said = _("Kế hoạch theo %(number)s từ %(day)s cần %(code)s. Hãy thay hoặc rút kế hoạch đó trước.")
            told = {"number": other.number, "day": day_text(other.effective_on), "code": ", ".join(sorted(lost))}
            raise ValidationError({"effective_on": said % told} if instead else said % told)
