"""Who is named and shown in a model, and how each agreed."""

from django.db.models import Prefetch
from django.urls import reverse

from models_registry.models import Attachment, Consent, Dossier, Exemplar


def consents_of(dossier: Dossier) -> dict:
    """Return `named` exemplars and `photos`, each with `agreed` (its standing consent or None); four queries at most.

    `withdrawn` is the last one taken back; of a photo also its `address` and small `picture`.
    """
    all_of = Prefetch("consents", Consent.objects.select_related("recorded_by").order_by("-pk"), to_attr="all_consents")
    named = Exemplar.objects.filter(practice__dossier=dossier).exclude(name="").prefetch_related(all_of)
    photos = Attachment.objects.filter(dossier=dossier).exclude(thumbnail="").kept().prefetch_related(all_of)
    found = {"named": list(named), "photos": list(photos)}
    for one in (*found["named"], *found["photos"]):
        one.agreed = next((each for each in one.all_consents if each.withdrawn_at is None), None)
        one.withdrawn = next((each for each in one.all_consents if each.withdrawn_at is not None), None)
    for one in found["photos"]:
        one.address = reverse("models_registry:attachment", args=[one.pk])
        one.picture = reverse("models_registry:thumbnail", args=[one.pk])
    return found
