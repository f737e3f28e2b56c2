"""Asks for, approves and seals corrections, and lays a revision's rows bare."""

from django.utils import timezone

from completion import correcting
from completion.models import Correction, Figure, FigurePart, FrozenUnit, ItemList
from completion.revising import seal_corrections
from models_registry.models import WorkItem
from organizations.models import Unit

REASON = "Kiểm tra thực tế: chưa làm."


def unit(code):
    return Unit.objects.get(code=code)


def work(code):
    return WorkItem.objects.select_related("unit").get(code=code)


def ask(period, by, *errors, send=True):
    """Gather (code, error, how) in a draft and send it."""
    for code, error, *how in errors:
        line = correcting.add_line(period, work(code), error, by=by, at=timezone.now(), **(how[0] if how else {}))
    if send:
        step(line.correction, "ask", by, REASON)
    return Correction.objects.get(pk=line.correction_id)


def step(correction, name, by, reason=""):
    return correcting.take_correction_step(correction.pk, name, by=by, at=timezone.now(), reason=reason)


def correct(period, asker, approver, *errors):
    """Ask, approve and seal; returns the new revision."""
    step(ask(period, asker, *errors), "approve", approver)
    return seal_corrections(period, at=timezone.now(), by=approver)


def rows(revision):
    """Every sealed row of a revision, without its own numbers."""
    places = FrozenUnit.objects.filter(revision=revision).order_by("unit")
    own = {place["id"]: place["unit_id"] for place in places.values()}
    return {
        "units": [{k: v for k, v in place.items() if k not in ("id", "revision_id")} for place in places.values()],
        "figures": sorted(
            (own[row.pop("place_id")], row.pop("kind"), tuple(value for name, value in row.items() if name != "id"))
            for row in Figure.objects.filter(place__revision=revision).values()
        ),
        "parts": sorted(
            (own[row.pop("place_id")], row.pop("kind"), row.pop("part"), tuple(v for k, v in row.items() if k != "id"))
            for row in FigurePart.objects.filter(place__revision=revision).values()
        ),
        "lists": sorted(ItemList.objects.filter(place__revision=revision).values_list("place__unit_id", "lines")),
    }
