"""What registering asks of units by a day, for the morning's reminders. Each answers for all units in one query."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import State
from models_registry.models import Dossier, Obligation
from organizations.reminding import OFFICERS, Due, Kind, standing

NOBODY = ()


def registrations(first: date, last: date, at: datetime) -> Iterator[Due]:
    """Yield what opened rounds still lack; where a round takes nothing more, only the superior is told."""
    day = localdate(at)
    owed = Obligation.objects.missing(day).filter(standing(day), round__opened_at__isnull=False)
    owed = owed.filter(round__closes_on__range=(first, last)).order_by()
    found = owed.values_list("unit", "unit__path", "round__closes_on", "round__late_until").annotate(Count("pk"))
    for unit, path, on, late_until, count in found:
        roles = None if day <= late_until else NOBODY
        yield Due(unit, path, on, count, reverse("models_registry:dossiers"), roles)


def revisions(first: date, last: date, at: datetime) -> Iterator[Due]:
    """Yield the dossiers the board returned, which wait for their unit."""
    returned = Dossier.objects.filter(standing(localdate(at)), state=State.REVISION_REQUESTED)
    returned = returned.filter(due_on__range=(first, last)).order_by()
    found = returned.values_list("unit", "unit__path", "due_on").annotate(Count("pk"), Min("pk"))
    for unit, path, on, count, pk in found:
        one = reverse("models_registry:dossier", args=[pk])
        yield Due(unit, path, on, count, one if count == 1 else reverse("models_registry:dossiers"))


REMINDERS = (
    Kind(
        "registration",
        registrations,
        OFFICERS,
        _("Còn %(count)d hồ sơ đăng ký phải gửi, hạn %(day)s"),
        _("%(count)d đơn vị chưa gửi đủ hồ sơ đăng ký, quá hạn từ %(day)s"),
        "dashboards:start",
    ),
    Kind(
        "revision",
        revisions,
        OFFICERS,
        _("%(count)d hồ sơ được trả lại cần sửa và gửi lại, hạn %(day)s"),
        _("%(count)d đơn vị chưa gửi lại hồ sơ phải sửa, quá hạn từ %(day)s"),
        "dashboards:start",
    ),
)
