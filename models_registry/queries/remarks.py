"""What the board remarked on a version, and what the unit answered."""

from collections.abc import Collection, Sequence

from django.db.models import Case, F, JSONField, Subquery, When
from django.utils.translation import gettext as _

from journal.names import name_then
from journal.questions import Blank, Question
from models_registry.describing import Section
from models_registry.lifecycle import State
from models_registry.models import Dossier, Remark
from models_registry.reopening import EVERYTHING, Reopened


@Question
def _remarks():
    named = {"asker_then": name_then("asked_by", "asked_at"), "answerer_then": name_then("answered_by", "answered_at")}
    found = Remark.objects.filter(version__dossier=Blank("dossier")).select_related("asked_by", "answered_by")
    return found.annotate(number=F("version__number"), **named)


def remarks_of(dossier: Dossier, user) -> dict[int, dict[str, Remark]]:
    """Return {version's number: {place: remark}}, oldest first; one query, none where it was loaded as without any.

    An answer is the unit's own until it was sent. Each remark has `asker_then` and `answerer_then`.
    """
    if not getattr(dossier, "has_remarks", True):
        return {}
    by_version: dict[int, dict[str, Remark]] = {}
    of_unit = user.post is not None and user.post.unit_id == dossier.unit_id
    for remark in _remarks(dossier=dossier.pk):
        if remark.number == dossier.version and not of_unit:
            remark.answer, remark.answered_at = "", None
        by_version.setdefault(remark.number, {})[remark.place] = remark
    return by_version


def to_be_answered(dossier: Dossier) -> tuple[dict[str, Remark], dict | None]:
    """Return ({place: remark}, the content the board read) of a returned dossier; one query, none before its return."""
    if dossier.state != State.REVISION_REQUESTED:
        return {}, None
    remarks = Remark.objects.on(dossier)
    # All are of one version: its content comes along once.
    first = Subquery(remarks.order_by("pk").values("pk")[:1])
    read = Case(When(pk=first, then=F("version__content")), default=None, output_field=JSONField())
    found = list(remarks.order_by("pk").annotate(read=read))
    return {one.place: one for one in found}, found[0].read if found else None


def places_of(sections: Sequence[Section]) -> dict[str, str]:
    """Return {place: what it is called} of the whole, the sections and the rows, in their order."""
    called = {"": _("Toàn bộ hồ sơ")}
    for section in sections:
        called[section.key] = section.title
        for row in section.rows:
            if row.key != section.key:
                name = f"{row.label} ({row.name})" if row.name not in ("", row.label) else row.label
                called[row.key] = f"{section.title}: {name}"
    return called


def placed(remarks: dict[str, Remark], sections: Sequence[Section]) -> list[Remark]:
    """Return the remarks of one version in the order of its sections, each with `called`: what it is about."""
    called = places_of(sections)
    order = {place: n for n, place in enumerate(called)}
    found = sorted(remarks.values(), key=lambda one: order.get(one.place, len(order)))
    for remark in found:
        remark.called = called.get(remark.place, remark.place)
    return found


def section_at(sections: Sequence[Section], place: str) -> str:
    """Return the key of the section a place lies in, "" for the whole and for what is gone."""
    return next((one.key for one in sections if place in {one.key, *(row.key for row in one.rows)}), "")


def reopened_of(dossier: Dossier, pinned: Collection[str] | None = None) -> Reopened:
    """Return what may be written in a dossier the unit holds: all of a draft, of a returned one what was pinned.

    `pinned` spares a query. A return from a time when nothing was pinned opens everything. Works that began before the
    dossier was reopened stay closed.
    """
    if dossier.state != State.REVISION_REQUESTED:
        return EVERYTHING
    if pinned is None:
        pinned = Remark.objects.on(dossier).values_list("place", flat=True)
    lacking = frozenset(place for found in dossier.lacking.values() for place in found)
    begun = frozenset(f"item.{pk}" for pk in dossier.begun_works())
    return Reopened(frozenset(pinned) or EVERYTHING.pinned, lacking, begun)
