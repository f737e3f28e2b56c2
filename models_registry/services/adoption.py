"""Carrying on a model of the showcase: the draft linked to its source, and telling the source when it is approved."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.hidden_names import hiding, without_contacts
from models_registry.lifecycle import State
from models_registry.models import Dossier, RegistrationRound
from models_registry.queries.adoption import sources_of
from models_registry.services.copies import adopt_model
from models_registry.services.drafts import CLOSED
from models_registry.services.rewording import reword
from organizations.models import Unit
from organizations.queries import people_at

UNIT_ROLES = ("secretary", "deputy")


@transaction.atomic
def adopt(dossier_id: int, *, round: RegistrationRound, by, at: datetime) -> Dossier:
    """Return a draft of the person's unit after a model of the showcase, linked to it; the one begun already, if any.

    No exemplar's name comes along, and no telephone number or address. Raises Dossier.DoesNotExist, PermissionDenied
    or ValidationError.
    """
    source = Dossier.objects.shown_to(by).select_related("unit", "practice").get(pk=dossier_id)
    if by.post.unit_id is not None:
        # Two taps at once wait here for one another.
        Unit.objects.select_for_update().get(pk=by.post.unit_id)
    if begun := begun_by(by, source, round):
        return begun
    _refuse_own(source, by.post.unit_id)
    made = adopt_model(source, round=round, by=by, at=at)
    hide = hiding(dict(source.practice.exemplars.exclude(name="").values_list("name", "position")))
    reword(made, lambda text: without_contacts(hide(text)))
    return made


def begun_by(user, source: Dossier, round: RegistrationRound) -> Dossier | None:
    """Return what the person's unit began after this source in a round and still holds or sent; one query."""
    found = Dossier.objects.filter(unit=user.post.unit_id, round=round, copied_from=source)
    return found.exclude(state__in=CLOSED).order_by("id").first()


def _refuse_own(source: Dossier, unit_id: int | None) -> None:
    own = Dossier.objects.filter(pk__in=[source.pk, *sources_of(source)], unit=unit_id)
    if own.exists():
        raise ValidationError(
            _("Mô hình này là của đơn vị bạn hoặc bắt nguồn từ đơn vị bạn. Hãy sao chép hồ sơ của mình.")
        )


def tell_source(dossier: Dossier, *, by, at: datetime) -> None:
    """Tell the unit whose model was adopted that the adoption is approved; nothing of a model that is nobody else's."""
    source = dossier.copied_from
    if source is None or source.unit_id == dossier.unit_id or source.state != State.APPROVED:
        return
    said = {"unit": dossier.unit.name, "title": source.title}
    record(
        "dossier.adopted",
        subject="dossier",
        subject_id=source.pk,
        unit_id=source.unit_id,
        by=by,
        at=at,
        detail={"dossier": dossier.pk},
        tell=people_at(source.unit, UNIT_ROLES, at),
        text=lambda: _("%(unit)s áp dụng mô hình “%(title)s” của đơn vị bạn, đã được duyệt") % said,
        link=reverse("models_registry:adoptions", args=[source.pk]),
    )
