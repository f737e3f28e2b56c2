"""Carrying on a model of the showcase: the draft linked to its source, and telling the source when it is approved."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.services import Entry, record_all
from models_registry.hidden_names import hiding, without_contacts
from models_registry.lifecycle import State
from models_registry.models import Dossier, RegistrationRound
from models_registry.queries.adoption import sources_of
from models_registry.services.copies import adopt_model
from models_registry.services.drafts import CLOSED
from models_registry.services.rewording import reword
from organizations.models import Unit
from organizations.queries import people_at_each

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


def tell_sources(dossiers: Iterable[Dossier], *, by, at: datetime) -> None:
    """Tell the units whose models were adopted that the adoptions are approved; nobody of a model nobody else had."""
    copies = [dossier for dossier in dossiers if dossier.copied_from_id is not None]
    sources = Dossier.objects.in_bulk({dossier.copied_from_id for dossier in copies})
    pairs = [(made, sources[made.copied_from_id]) for made in copies]
    pairs = [(made, one) for made, one in pairs if made.unit_id != one.unit_id and one.state == State.APPROVED]
    if pairs:
        people = people_at_each({source.unit_id for _made, source in pairs}, UNIT_ROLES, at)
        told = [_adopted(made, source, people[source.unit_id]) for made, source in pairs]
        record_all("dossier.adopted", told, subject="dossier", by=by, at=at)


def _adopted(made: Dossier, source: Dossier, people: Iterable) -> Entry:
    said = {"unit": made.unit.name, "title": source.title}
    return Entry(
        source.pk,
        source.unit_id,
        {"dossier": made.pk},
        tell=people,
        text=lambda: _("%(unit)s áp dụng mô hình “%(title)s” của đơn vị bạn, đã được duyệt") % said,
        link=reverse("models_registry:adoptions", args=[source.pk]),
    )
