"""Long work of leaders' screens: report packs are made by the worker, for whoever asked."""

from celery import shared_task
from celery.schedules import crontab
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from completion.packing import drop_pack_files
from completion.queries.spans import sealed_periods
from dashboards.packs.making import make_pack
from journal.jobs import JobRefused, job_task
from organizations.models import Unit
from organizations.permissions import Action, may
from organizations.queries import owner_acting

SCHEDULE = {
    "dashboards.drop_packs": {"task": "dashboards.tasks.drop_packs", "schedule": crontab(minute="45", hour="3")},
}


@shared_task
def drop_packs() -> int:
    return drop_pack_files(at=timezone.now())


@job_task
def make_pack_shown(run) -> dict:
    """Make the pack somebody asked for, as that person sees its figures now, in the post it was asked from."""
    asked, now = run.arguments, timezone.now()
    with override(asked["language"]):
        by = owner_acting(run.job, at=now)
        unit = Unit.objects.visible_to(by).filter(pk=asked["unit"]).first()
        if unit is None or not may(by, Action.READ_FIGURES):
            raise JobRefused(_("Bạn không còn quyền xem số liệu của đơn vị này."))
        period = next((one for one in sealed_periods(unit) if one[0].key == asked["period"]), None)
        if period is None:
            raise JobRefused(_("Kỳ này chưa có số liệu đã chốt của đơn vị."))
        made = make_pack(unit, *period, code=asked["code"], site=asked["site"], by=by, at=now, advance=run.advance)
        return {"url": reverse("packs:pack", args=[made.pk]), "url_label": _("Mở bộ báo cáo")}
