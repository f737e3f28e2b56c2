"""What units registered and owe goes on at the unit that follows them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import F, Q
from django.utils.timezone import localdate

from models_registry.lifecycle import ItemState, State
from models_registry.models import (
    Dossier,
    MemberObligation,
    Obligation,
    RegistrationRound,
    Theme,
    WorkItem,
)
from organizations.models import AppraisalLink, HeadCount, Unit

FINAL = (State.REJECTED, State.WITHDRAWN)


def hand_over_dossiers(
    units: Sequence[Unit], to: Unit, *, since: int, at: datetime, only: Collection[int] | None = None
) -> int:
    """Let the dossiers of the open years, or these of them, go on at another unit as they are; returns how many.

    Those not approved and withdrawn stay as they were. Of several sheets of a round the first stays the main one, the
    others are supplementary to it. Some five queries.
    """
    found = Dossier.objects.select_for_update().filter(unit__in=units, year__gte=since).exclude(state__in=FINAL)
    if only is not None:
        found = found.filter(pk__in=only)
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    sheets = Dossier.objects.filter(unit__in=[to, *units], kind=Dossier.Kind.REGISTRATION_SHEET, supplementary=False)
    sheets = sheets.filter(Q(unit=to) | Q(pk__in=ids)).exclude(state__in=FINAL)
    sheets = sheets.values_list("pk", "round_id", "unit_id", "state")
    main: set[int] = set()
    further = []
    for pk, of_round, unit, _state in sorted(
        sheets, key=lambda row: (row[2] != to.pk, row[3] != State.APPROVED, row[0])
    ):
        if of_round in main and unit != to.pk:
            further.append(pk)
        main.add(of_round)
    Dossier.objects.filter(pk__in=further).update(supplementary=True)
    Dossier.objects.filter(pk__in=ids).update(unit=to, edition=F("edition") + 1, changed_at=at)
    WorkItem.objects.filter(dossier__in=ids, state=ItemState.PLANNED).update(unit=to)
    return len(ids)


def hand_over_obligations(
    units: Sequence[Unit], to: Sequence[Unit], *, since: int, reason: str, by, at: datetime
) -> int:
    """Let each unit that follows owe what they owed in the rounds of the open years; returns how many each owes anew.

    Theirs are let off with the reason. Some five queries, two more for each unit that follows.
    """
    owed = Obligation.objects.filter(unit__in=units, round__year__gte=since, exempted_at=None)
    pairs = sorted(set(owed.values_list("round_id", "owes")))
    for unit in to:
        Obligation.objects.bulk_create(
            (Obligation(round_id=of_round, unit=unit, owes=owes) for of_round, owes in pairs), ignore_conflicts=True
        )
        if unit.has_members:
            count = HeadCount.objects.in_force(localdate(at), unit=unit).first()
            rounds = sorted({of_round for of_round, _owes in pairs})
            MemberObligation.objects.bulk_create(
                (MemberObligation(round_id=one, unit=unit, head_count=count, written_at=at) for one in rounds),
                ignore_conflicts=True,
            )
    owed.update(exempt_reason=reason[:300], exempted_by=by, exempted_at=at)
    return len(pairs)


def hand_over_rounds(old: Unit, heir: Unit, served: Sequence[Unit], *, taken: Sequence[Unit], since: int) -> int:
    """Let another board run the rounds of open years that one which ended ran, for the units it served alone, with its
    themes; returns how many rounds.

    Of two rounds of one name the one that comes bears the old board's behind it. What is judged by stays as it was, and
    the old board's. What the heir ran itself stays for whom it served before it took over all of `taken`. Some eleven
    queries.
    """
    _keep_to_their_own(heir, taken)
    rounds = list(RegistrationRound.objects.select_for_update().filter(body=old, year__gte=since).order_by("pk"))
    taken = set(RegistrationRound.objects.filter(body=heir).values_list("year", "name"))
    for one in rounds:
        if (one.year, one.name) in taken:
            behind = f" · {old.name}"
            one.name = one.name[: 200 - len(behind)] + behind
        one.body, one.edition = heir, one.edition + 1
        taken.add((one.year, one.name))
    RegistrationRound.objects.bulk_update(rounds, ["name", "body", "edition"])
    only_for = RegistrationRound.only_for.through
    limited = set(only_for.objects.filter(registrationround__in=rounds).values_list("registrationround", flat=True))
    only_for.objects.bulk_create(
        only_for(registrationround=one, unit=unit) for one in rounds if one.pk not in limited for unit in served
    )
    Theme.objects.filter(owner=old).update(owner=heir)
    return len(rounds)


def _keep_to_their_own(heir: Unit, taken: Sequence[Unit]) -> None:
    """Limit the rounds a board runs to the units it served before it took others over; three queries."""
    serves = set(AppraisalLink.objects.filter(body=heir, valid_to=None).values_list("serves", flat=True))
    before = serves - {unit.pk for unit in taken}
    if before and before != serves:
        only_for = RegistrationRound.only_for.through
        limited = only_for.objects.values("registrationround")
        own = RegistrationRound.objects.filter(body=heir).exclude(pk__in=limited).values_list("pk", flat=True)
        only_for.objects.bulk_create(
            only_for(registrationround_id=pk, unit_id=unit) for pk in list(own) for unit in sorted(before)
        )


def widen_rounds(units: Sequence[Unit], to: Sequence[Unit]) -> None:
    """Let rounds that are for units alone be for those that follow them too; two queries."""
    only_for = RegistrationRound.only_for.through
    limits = only_for.objects.filter(unit__in=units).values_list("registrationround", flat=True)
    only_for.objects.bulk_create(
        (only_for(registrationround_id=pk, unit=unit) for pk in sorted(set(limits)) for unit in to),
        ignore_conflicts=True,
    )
