"""Members and their own works: how many owe some in a round, how many sent them, by cell and up the tree."""

from dataclasses import astuple, dataclass
from datetime import date, datetime

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.awaiting import Awaited
from models_registry.models import MemberObligation, RegistrationRound
from models_registry.queries.plans import units_reached_by
from organizations.models import CELL_KINDS, HeadCount, Placement, Unit
from organizations.permissions import Action, may
from organizations.seats import Sight


@dataclass(frozen=True, slots=True)
class Members:
    """Members of one cell or of many: sent + late + missing + exempt = owed, whatever was registered.

    `beyond` are individuals registered past what the cell owes (exempt members who joined in, or a head-count too
    low); `uncounted` are cells without any head-count, `unplaced` the individuals these registered.
    """

    owed: int = 0
    sent: int = 0
    late: int = 0
    missing: int = 0
    exempt: int = 0
    beyond: int = 0
    uncounted: int = 0
    unplaced: int = 0

    @classmethod
    def of(cls, members: int | None, exempt: int | None, freed: bool, registered: int, punctual: int) -> "Members":
        """Return the counts of one cell from what `MemberObligationQuerySet.with_counts` says of it."""
        if members is None:
            return cls(uncounted=1, unplaced=registered)
        due = 0 if freed else members - exempt
        sent = min(punctual, due)
        late = min(registered - punctual, due - sent)
        done = sent + late
        return cls(members, sent, late, due - done, members - due, registered - done)

    def __add__(self, other: "Members") -> "Members":
        return Members(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


NOBODY = Members()


def members_of(obligations, day: date) -> Members:
    """Return the counts of all these MemberObligations together, as they stood when `day` ended; one query."""
    rows = obligations.order_by().with_counts(day).values_list(*obligations.COUNTED)
    return sum((Members.of(*row) for row in rows.iterator(chunk_size=2000)), NOBODY)


def members_by(obligations, day: date, key: str) -> dict:
    """Return {value of a column: counts} of these MemberObligations; one query."""
    found: dict = {}
    rows = obligations.order_by().with_counts(day).values_list(key, *obligations.COUNTED)
    for value, *row in rows.iterator(chunk_size=2000):
        found[value] = found.get(value, NOBODY) + Members.of(*row)
    return found


def member_roster(registration_round: RegistrationRound, user, day: date, *, status="", unit=None, name=""):
    """Return the cells of a round within this person's reach, in tree order, each `with_counts`; one query when read.

    Each also has `parent_name` and `latest`, the id of the head-count in force on the day, where a newer one than the
    round's was recorded since.
    """
    rows = registration_round.member_obligations.visible_to(user).with_counts(day)
    if unit is not None:
        rows = rows.below(unit)
    if status:
        rows = rows.standing_as(status)
    if name:
        rows = rows.filter(unit__in=Unit.objects.named_like(name))
    above = Placement.objects.filter(unit=OuterRef("unit"), valid_to__isnull=True).values("parent__name")[:1]
    latest = HeadCount.objects.in_force(day, unit=OuterRef("unit")).values("pk")
    rows = rows.annotate(parent_name=Subquery(above), latest=Subquery(latest))
    return rows.select_related("unit", "head_count").order_by("unit__path")


def counted_of(row: MemberObligation) -> Members:
    """Return the counts of one row of `member_roster`."""
    count = row.head_count
    return Members.of(count and count.members, count and count.exempt, row.freed, row.registered, row.punctual)


@Sight
def _registered(user, day: date):
    """What cells in reach owe of members of whom some stand on a sheet sent, in rounds that take dossiers."""
    own = MemberObligation.objects.visible_to(user).filter(round__in=RegistrationRound.objects.receiving(day))
    found = own.with_counts(day).filter(registered__gt=0).select_related("round", "head_count")
    return found.only("round__name", "head_count__members", "head_count__exempt")


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return how many members of a cell are not on the sheet it sent; one query for those who submit."""
    if user.post is None or not may(user, Action.SUBMIT):
        return []
    found = _registered(user, localdate(at))
    return [
        Awaited(
            text=_("Đảng viên chưa có việc cá nhân trên bản đăng ký đã gửi (%(round)s)") % {"round": row.round.name},
            count=counted_of(row).missing,
            url=f"{reverse('models_registry:start')}?round={row.round_id}&kind=registration_sheet",
        )
        for row in found
    ]


def recounted(registration_round: RegistrationRound, day: date) -> int:
    """Return how many cells of a round have a head-count in force that the round has not taken over; one query."""
    latest = HeadCount.objects.in_force(day, unit=OuterRef("unit")).values("pk")
    rows = registration_round.member_obligations.annotate(latest=Subquery(latest)).filter(latest__isnull=False)
    return rows.filter(Q(head_count=None) | ~Q(head_count=F("latest"))).count()


def expected(registration_round: RegistrationRound, day: date) -> dict[str, int]:
    """Return what opening a round on a day would write: units, members and cells without a head-count; one query."""
    counts = HeadCount.objects.in_force(day, unit=OuterRef("pk"))
    units = units_reached_by(registration_round, day).annotate(
        said=Subquery(counts.values("members"), output_field=IntegerField()),
        excused=Subquery(counts.values("exempt"), output_field=IntegerField()),
    )
    cells = Q(kind__in=CELL_KINDS)
    return units.order_by().aggregate(
        units=Count("pk"),
        members=Sum("said", filter=cells, default=0),
        exempt=Sum("excused", filter=cells, default=0),
        uncounted=Count("pk", filter=cells & Q(said=None)),
    )
