"""Report packs that are wished for: made at every seal of their unit, and told of once each."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from completion.models import Pack, PackSending, PackWish, Revision
from completion.queries.packs import spanned_text
from completion.queries.spans import Spanned, spans_of
from journal.jobs import start_job
from journal.models import Told
from journal.services import record
from organizations.models import Person, Post, Unit
from organizations.permissions import Action, may, reaches
from reviews.check_codes import new_code

SENDING = "dashboards.tasks.send_pack"
# A seal that was missed for longer is no news.
NEWS = timedelta(days=8)


@transaction.atomic
def wish_packs(unit: Unit, *, by: Person, at: datetime) -> PackWish:
    """Have the packs of a unit made for this person at every seal from now on; asked twice, it is one wish."""
    if not may(by, Action.FOLLOW_FIGURES) or not reaches(by, unit):
        raise PermissionDenied
    wish, is_new = PackWish.objects.get_or_create(person=by, post=by.post, unit=unit, defaults={"since": at})
    if is_new:
        record("pack.wished", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at)
    return wish


@transaction.atomic
def end_wish(unit: Unit, *, by: Person, at: datetime) -> None:
    """Take a wish back; what it brought so far stays."""
    ended, _rows = PackWish.objects.of(by).filter(unit=unit).delete()
    if ended:
        record("pack.wish_ended", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at)


def plan_sendings(*, site: str, at: datetime) -> int:
    """Start a job for every wish and every seal of its unit that it was not met for yet; returns how many.

    Run twice, or by two at once, it starts each once. A query where nothing was sealed lately, two for each seal else.
    """
    recent = Revision.objects.filter(sealed=True, computed_at__gt=at - NEWS, computed_at__lte=at)
    started = 0
    for revision in recent.newest().select_related("period"):
        standing = Post.objects.current(at).filter(person__is_active=True).order_by()
        wishes = PackWish.objects.filter(since__lt=revision.computed_at, unit__frozen__revision=revision)
        wishes = wishes.filter(post__in=standing.values("pk")).select_related("person", "unit")
        planned = set(PackSending.objects.filter(revision=revision).values_list("wish_id", "span"))
        for wish in wishes:
            for spanned in spans_of(revision.period.as_quarter):
                if (wish.pk, spanned.span) not in planned:
                    started += _plan(wish, revision, spanned, site=site, at=at)
    return started


def tell_of_pack(sending: PackSending, pack: Pack, said: Callable[[], str], *, at: datetime) -> bool:
    """Tell who wished for it that a pack was made, once however often this runs; whether this was the once.

    `said` are the figures in a few words, in the language they are asked in: no names, and nothing but a link with it.
    """
    with transaction.atomic():
        sending = PackSending.objects.select_for_update(of=("self",)).select_related("wish").get(pk=sending.pk)
        if sending.told_at is not None:
            return False
        sending.pack, sending.told_at = pack, at
        sending.save(update_fields=["pack", "told_at"])
        wish = sending.wish
        record(
            "pack.sent",
            subject="pack",
            subject_id=pack.pk,
            unit_id=pack.unit_id,
            by=None,
            at=at,
            detail={"wish": wish.pk},
            tell=[wish.person.acting_as(wish.post)],
            text=said,
            link=reverse("packs:pack", args=[pack.pk]),
            kind=Told.PACK,
        )
        return True


def _plan(wish: PackWish, revision: Revision, spanned: Spanned, *, site: str, at: datetime) -> bool:
    """Write down that a wish is being met, and start the job that meets it, in one."""
    try:
        with transaction.atomic(), override(wish.person.mail_language):
            sending = PackSending.objects.create(wish=wish, revision=revision, span=spanned.span, planned_at=at)
            start_job(
                SENDING,
                title=_("Bộ báo cáo %(period)s: %(unit)s") % {"period": spanned_text(spanned), "unit": wish.unit.name},
                arguments={
                    "sending": sending.pk,
                    "unit": wish.unit_id,
                    "period": spanned.key,
                    "code": new_code(),
                    "site": site,
                    "post": wish.post_id,
                    "language": wish.person.mail_language,
                },
                owner=wish.person,
                at=at,
            )
    except IntegrityError:  # another scheduler was first
        return False
    return True
