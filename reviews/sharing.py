"""Sharing dossiers among appraisers evenly, within a cap and around conflicts of interest. Plain Python."""

from collections import deque
from collections.abc import Hashable, Mapping, Sequence

Load = dict[Hashable, int]


def share(
    dossiers: Mapping[Hashable, Sequence], loads: Mapping[Hashable, int], *, cap: int | None = None
) -> dict[Hashable, Hashable]:
    """Return {dossier: appraiser} for {dossier: those who may judge it}, the loads as even as these allow.

    `loads` are what each appraiser holds already; nobody comes to hold more than `cap`. What is left out of the answer
    cannot be given to anybody. Each dossier goes to the lightest who can be reached by passing others on, so that no
    exchange would make the loads more even: without conflicts they differ by at most 1.
    """
    now = dict(loads)
    given: dict[Hashable, Hashable] = {}
    held: dict[Hashable, list] = {who: [] for who in now}
    for dossier in sorted(dossiers, key=lambda one: len(dossiers[one])):
        path = _lightest(dossier, dossiers, now, held, cap)
        for passed_on, who in path:
            if passed_on in given:
                held[given[passed_on]].remove(passed_on)
            given[passed_on] = who
            held[who].append(passed_on)
        if path:
            now[path[-1][1]] += 1
    return given


def share_seats(
    wanted: Mapping[Hashable, int],
    fit: Mapping[Hashable, Sequence],
    loads: Mapping[Hashable, int],
    *,
    cap: int | None = None,
) -> dict[Hashable, list]:
    """Return {dossier: those who take its free seats}, nobody twice, `wanted` of them where that many are `fit`.

    Seat by seat as `share`, each counted as one more held, so that loads stay as even as they can.
    """
    now, given = dict(loads), {dossier: [] for dossier in wanted}
    needy = {dossier for dossier, count in wanted.items() if count > 0}
    while needy:
        free = {one: [who for who in fit[one] if who not in given[one]] for one in wanted if one in needy}
        found = share(free, now, cap=cap)
        for dossier, who in found.items():
            given[dossier].append(who)
            now[who] += 1
        needy = {dossier for dossier in found if len(given[dossier]) < wanted[dossier]}
    return given


def _lightest(dossier, dossiers: Mapping, loads: Load, held: Mapping[Hashable, list], cap: int | None) -> list[tuple]:
    """Return the hands that change, as (dossier, new appraiser), the last one's load growing by one; [] for nobody."""
    reached = {who: [(dossier, who)] for who in dossiers[dossier] if who in loads}
    open_ends = deque(reached)
    least = min(loads.values(), default=0)
    while open_ends and not any(loads[who] == least for who in reached):
        who = open_ends.popleft()
        for passed_on in held[who]:
            for other in dossiers[passed_on]:
                if other in loads and other not in reached:
                    reached[other] = [*reached[who], (passed_on, other)]
                    open_ends.append(other)
    free = [who for who in reached if cap is None or loads[who] < cap]
    return reached[min(free, key=lambda who: (loads[who], len(reached[who])))] if free else []
