"""What a board keeps and for whom; what is owed, by whom and until when."""

from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.awaiting import Awaited
from models_registry.lifecycle import State
from models_registry.models import Dossier, MemberObligation, Obligation, RegistrationRound
from organizations.models import AppraisalLink, Unit
from organizations.permissions import REACH, Action, Reach, may
from organizations.queries import appraising_body_of
from organizations.seats import Sight
from vietnamese.display import day_text, number_text

SOON = timedelta(days=7)


def keeps(user, owner: Unit, day: date) -> bool:
    """Whether this person keeps the plans of a unit: the own body's, and those of units nobody nearer serves."""
    if not may(user, Action.RUN_ROUNDS):
        return False
    if owner.pk == user.post.unit_id:
        return True
    body = appraising_body_of(owner, day)
    return body is not None and body.pk == user.post.unit_id


def runs(user, registration_round: RegistrationRound) -> bool:
    """Whether this person opens, extends and exempts in a round: the head of the body that runs it."""
    return may(user, Action.RUN_ROUNDS) and registration_round.body_id == user.post.unit_id


def start_unit(user) -> Unit | None:
    """Return the unit a person's counts start from: the first the own body serves, else the own; one query at most."""
    if user.post is None or user.post.unit_id is None:
        return None
    if REACH[user.post.role] is Reach.SERVED and user.post.served_paths:
        return Unit.objects.get(path=user.post.served_paths[0])
    return user.post.unit


def owners_for(user, day: date):
    """Return the units whose plans this person may write: the body, what it serves, and the committees beneath."""
    links = AppraisalLink.objects.on(day)
    served = links.filter(body=user.post.unit_id).values("serves")
    others = links.exclude(body=user.post.unit_id).values("serves")
    beneath = Q(placements__parent__in=served, placements__valid_to__isnull=True, kind__endswith="_committee")
    mine = Q(pk=user.post.unit_id) | Q(pk__in=served) | (beneath & ~Q(pk__in=others))
    return Unit.objects.standing_on(day).filter(pk__in=Unit.objects.filter(mine).values("pk")).order_by("path")


def units_reached_by(registration_round: RegistrationRound, day: date):
    """Return the standing units of the round's kinds under the units its body serves, or it is for alone."""
    links = AppraisalLink.objects.on(day).filter(body=registration_round.body_id).select_related("serves")
    within = Q(pk__in=())
    for link in links:
        within |= Q(pk__in=Unit.objects.below(link.serves).values("pk"))
    limits = RegistrationRound.only_for.through.objects.filter(registrationround=registration_round.pk)
    here = limits.annotate(below=ExpressionWrapper(OuterRef("path"), CharField()))
    within &= ~Exists(limits) | Exists(here.filter(below__startswith=F("unit__path")))
    return Unit.objects.standing_on(day).filter(within, kind__in=registration_round.target_kinds)


def obligations_of(registration_round: RegistrationRound, user):
    """Return the obligations of a round within this person's reach, with their units; what every count starts from."""
    return registration_round.obligations.visible_to(user).select_related("unit", "exempted_by")


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return what the open rounds ask: of a unit what it still owes, of a head which rounds wait. One query."""
    if user.post is None:
        return []
    if may(user, Action.REGISTER):
        return [_owed(obligation, localdate(at)) for obligation in owed_by(user, localdate(at))]
    if may(user, Action.RUN_ROUNDS):
        return _to_open(user, localdate(at))
    return []


@Sight
def owed_by(user, day: date):
    """Return what the own unit still owes in rounds that take dossiers on a day, nearest deadline first.

    Each has `draft`, the id of the draft begun for it, or None, and for a sheet `members`, how many members owe works
    of their own on it (None where nobody counted them). One query.
    """
    receiving = Obligation.objects.visible_to(user).filter(round__in=RegistrationRound.objects.receiving(day))
    begun = Dossier.objects.filter(
        round=OuterRef("round"), unit=OuterRef("unit"), kind=OuterRef("owes"), state=State.DRAFT
    )
    cells = MemberObligation.objects.filter(round=OuterRef("round"), unit=OuterRef("unit"))
    owing = cells.values_list(F("head_count__members") - F("head_count__exempt"))[:1]
    missing = receiving.missing(day).annotate(draft=begun.order_by("-id").values("pk")[:1], members=Subquery(owing))
    told = ("owes", "round__name", "round__closes_on", "round__late_until")
    return missing.select_related("round").only(*told).nearest_deadline_first()


def _owed(obligation: Obligation, day: date) -> Awaited:
    asked = obligation.round
    words = {"what": obligation.get_owes_display(), "round": asked.name}
    if day > asked.closes_on:
        text = _("%(what)s đã quá hạn, chỉ còn nhận đến hết ngày %(day)s (%(round)s)")
        level, words["day"] = "danger", day_text(asked.late_until)
    else:
        text = _("%(what)s cần gửi chậm nhất ngày %(day)s (%(round)s)")
        level, words["day"] = "warning" if asked.closes_on - day <= SOON else "info", day_text(asked.closes_on)
    if obligation.owes == Obligation.Owes.SHEET and obligation.members:
        text = _("%(due)s, gồm việc cá nhân của %(members)s đảng viên") % {
            "due": text % words,
            "members": number_text(obligation.members),
        }
    else:
        text %= words
    start = f"{reverse('models_registry:start')}?round={asked.pk}&kind={obligation.owes}"
    url = reverse("models_registry:dossier", args=[obligation.draft]) if obligation.draft else start
    return Awaited(text=text, count=1, url=url, level=level)


def _to_open(user, day: date) -> list[Awaited]:
    unopened = RegistrationRound.objects.filter(body=user.post.unit_id, opened_at__isnull=True)
    days = list(unopened.values_list("opens_on", flat=True))
    if not days:
        return []
    return [
        Awaited(
            text=_("Đợt đăng ký chưa mở"),
            count=len(days),
            url=f"{reverse('models_registry:rounds')}?state=unopened",
            level="warning" if min(days) <= day else "info",
        )
    ]
