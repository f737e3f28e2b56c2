"""What the board must answer by a day, for the morning's reminders."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from models_registry.models import Dossier
from organizations.reminding import Due, Kind, standing
from reviews.querysets import AT_THE_BOARD


def appraisals(first: date, last: date, at: datetime) -> Iterator[Due]:
    """Yield the dossiers each board must answer by a day: the due day of its turn; one query."""
    waiting = Dossier.objects.filter(standing(localdate(at), "body"), state__in=AT_THE_BOARD).order_by()
    found = waiting.filter(due_on__range=(first, last)).values_list("body", "body__path", "due_on")
    for body, path, on, count in found.annotate(Count("pk")):
        yield Due(body, path, on, count, f"{reverse('reviews:queue')}?state=all&sort=due")


REMINDERS = (
    Kind(
        "appraisal",
        appraisals,
        ("appraiser", "head"),
        _("%(count)d hồ sơ phải thẩm định xong, hạn %(day)s"),
        _("%(count)d cơ quan thẩm định còn hồ sơ quá hạn từ %(day)s"),
        "dashboards:start",
    ),
)
