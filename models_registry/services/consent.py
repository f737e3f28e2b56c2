"""An exemplary individual who no longer agrees to be named: the name is erased, also from what was sent."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from journal.services import record
from models_registry.hidden_names import hiding, replaced
from models_registry.models import Dossier, Exemplar
from models_registry.services.known_sentences import relearn
from models_registry.services.rewording import reword
from models_registry.services.showcase import publishes
from organizations.permissions import Action, may


def may_withdraw_consent(user, dossier: Dossier) -> bool:
    """Whether this person may take a name out: the unit's people, and who decides at its body. No query."""
    own = may(user, Action.REGISTER) and dossier.unit_id == user.post.unit_id
    return own or publishes(user, dossier)


@transaction.atomic
def withdraw_consent(exemplar_id: int, *, by, at: datetime) -> Dossier:
    """Erase the name of an exemplary individual, also from every version sent; a second time changes nothing.

    Where the model's texts repeat the full name, the post stands in its place. Raises Exemplar.DoesNotExist or
    PermissionDenied.
    """
    seen = Exemplar.objects.filter(practice__dossier__in=Dossier.objects.visible_to(by))
    one = seen.select_related("practice__dossier__unit").get(pk=exemplar_id)
    dossier = Dossier.objects.select_for_update().get(pk=one.practice.dossier_id)
    if not may_withdraw_consent(by, dossier):
        raise PermissionDenied
    if not one.name:
        return dossier
    hide = hiding({one.name: one.position})
    for version in dossier.versions.all():
        version.content = _unnamed(version.content, one.pk, hide)
        version.save(update_fields=["content"])
    for publication in dossier.publications.all():
        publication.summary = hide(publication.summary)[:300]
        publication.save(update_fields=["summary"])
    _erase(dossier, one, hide)
    record(
        "dossier.unname",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={"exemplar": one.pk},
    )
    return dossier


def _unnamed(content: dict, exemplar_id: int, hide: Callable[[str], str]) -> dict:
    content = replaced(content, hide)
    nameless = {"name": "", "consent": False}
    people = [one | nameless if one["id"] == exemplar_id else one for one in content.get("exemplars", [])]
    return content | {"exemplars": people}


def _erase(dossier: Dossier, one: Exemplar, hide: Callable[[str], str]) -> None:
    """Take the name out of what is written now, of the search texts and of the sentences known of what was sent."""
    one.name, one.folded_name, one.consent, one.consented_at = "", "", False, None
    one.evidence = hide(one.evidence)
    one.save()
    reword(dossier, hide)
    if last := dossier.versions.order_by("number").last():
        relearn(dossier, last.content)
