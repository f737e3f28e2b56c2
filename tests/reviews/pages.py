"""What the tests of the board's pages share."""

import datetime as dt

from django.urls import reverse

from models_registry.models import Dossier
from reviews.queries import criteria_of
from tests.factories import AT

NOW = AT + dt.timedelta(days=1)
REASON = "Nội dung còn chung chung, chưa có số liệu."


def url(name, dossier):
    return reverse(f"reviews:{name}", args=[dossier.pk])


def state_of(dossier):
    return Dossier.objects.get(pk=dossier.pk).state


def typed(dossier, mark="met", **values):
    """What the appraisal form posts when every criterion is marked."""
    dossier.refresh_from_db()
    marks = {f"mark_{one.pk}": mark for one in criteria_of(dossier)}
    return {"edition": dossier.edition, "seen": "", "act": "save", **marks, **values}
