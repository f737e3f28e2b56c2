"""A superior reminds a unit of the registration it owes."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from models_registry.models import Obligation, RegistrationRound
from organizations.models import Unit
from organizations.services import urge


def urge_registration(unit: Unit, *, by, at: datetime) -> int:
    """Remind a unit's officers at once of what it owes in rounds that still receive; returns how many people.

    Raises as `urge` does, and ValidationError where nothing is owed.
    """
    day = localdate(at)
    receiving = RegistrationRound.objects.receiving(day)
    if not Obligation.objects.missing(day).filter(unit=unit, round__in=receiving).exists():
        raise ValidationError(_("%(unit)s không còn hồ sơ nào phải gửi trong các đợt đang nhận.") % {"unit": unit})
    return urge(
        unit,
        "registration",
        text=lambda: _("%(by)s nhắc: hồ sơ đăng ký chưa gửi") % {"by": by.post.unit},
        link=reverse("models_registry:dossiers"),
        by=by,
        at=at,
    )
