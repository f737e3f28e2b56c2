"""Writing how many members of each cell owe works of their own in a round."""

from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from models_registry.models import MemberObligation, RegistrationRound
from models_registry.queries.plans import units_reached_by
from organizations.models import CELL_KINDS, HeadCount

BATCH = 2000


def write_member_obligations(registration_round: RegistrationRound, day: date, *, at: datetime) -> int:
    """Write what is new, and take over head-counts newer than those written; returns how many cells that touched.

    The caller holds the round's lock and records it. Two queries, and one a 2.000 cells.
    """
    if not registration_round.members_required:
        return 0
    latest = HeadCount.objects.in_force(day, unit=OuterRef("pk")).values("pk")
    cells = units_reached_by(registration_round, day).filter(kind__in=CELL_KINDS).annotate(latest=Subquery(latest))
    counted = dict(cells.order_by("path").values_list("pk", "latest"))
    standing = {row.unit_id: row for row in registration_round.member_obligations.filter(unit__in=cells.values("pk"))}
    changed = [row for pk, row in standing.items() if row.head_count_id != counted[pk]]
    for row in changed:
        row.head_count_id, row.written_at = counted[row.unit_id], at
    fresh = [
        MemberObligation(round=registration_round, unit_id=pk, head_count_id=head_count, written_at=at)
        for pk, head_count in counted.items()
        if pk not in standing
    ]
    MemberObligation.objects.bulk_update(changed, ["head_count", "written_at"], batch_size=BATCH)
    MemberObligation.objects.bulk_create(fresh, batch_size=BATCH)
    return len(changed) + len(fresh)
