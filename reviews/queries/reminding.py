"""What the board must answer by a day, for the morning's reminders."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext_lazy as _

from models_registry.models import Dossier
from organizations.reminding import Due, Kind, standing
from reviews.queries.queue import AT_THE_BOARD
from vietnamese.working_days import add_working_days


def appraisals(first: date, last: date, at: datetime) -> Iterator[Due]:
    """Yield the dossiers each board must answer by a day, counted in the round's working days; one query."""
    sent_on = TruncDate("submitted_at", tzinfo=get_default_timezone())
    waiting = Dossier.objects.filter(standing(localdate(at), "body"), state__in=AT_THE_BOARD).order_by()
    found = waiting.annotate(sent_on=sent_on).values_list("body", "body__path", "sent_on", "round__appraisal_days")
    due = Counter()
    for body, path, sent, days, count in found.annotate(Count("pk")):
        due[body, path, add_working_days(sent, days)] += count
    for (body, path, on), count in due.items():
        if first <= on <= last:
            yield Due(body, path, on, count, reverse("reviews:queue"))


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
