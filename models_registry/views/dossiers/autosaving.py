"""A page saves by itself what is being typed (static/js/autosave.js): the same addresses, answered in JSON."""

from django.http import JsonResponse
from django.utils import timezone

from models_registry import gate, services
from models_registry.forms.autosave import Typed, typed_so_far
from models_registry.forms.individuals import individual_screen, subject_of
from models_registry.forms.steps import Screen, screen_for
from models_registry.lifecycle import EDITS, MOVES, Edit
from models_registry.models import Dossier, WorkItem
from models_registry.queries.dossiers import row_ids
from models_registry.reopening import NotReopened, Reopened
from models_registry.views.dossiers import held


def is_asked(request) -> bool:
    return request.method == "POST" and "X-Autosave" in request.headers


def step(request, dossier: Dossier, key: str) -> JsonResponse:
    """Save what is right on one screen; wrong fields are no error, they stay on the page."""
    reopened = held.remarks_on(dossier).reopened
    try:
        typed = typed_so_far(screen_for(key, dossier, request.user, request.POST, reopened))
    except NotReopened as shut:
        return closed(shut)

    def save(**how):
        return services.save_draft(dossier.pk, fields=typed.fields, rows=typed.rows, **how)

    def newest():
        return screen_for(key, held.held_or_404(request, dossier.pk), request.user, reopened=reopened)

    return _answered(request, dossier, typed, save if typed.fields or typed.rows else None, newest)


def individual(request, dossier: Dossier, number: int | None, screen: Screen, reopened: Reopened) -> JsonResponse:
    """Save one individual who stands on the sheet already; half a name makes nobody new."""
    typed = typed_so_far(screen)
    works = typed.rows.get(WorkItem.Kind.INDIVIDUAL, [])

    def save(**how):
        return services.save_individual(dossier.pk, number, subject=subject_of(screen), works=works, **how)

    def newest():
        return individual_screen(held.held_or_404(request, dossier.pk), number, reopened=reopened)

    saves = number and works and screen.form.is_valid()
    return _answered(request, dossier, typed, save if saves else None, newest, number)


def closed(shut: NotReopened) -> JsonResponse:
    """Answer what the board did not reopen: 403 with a sentence."""
    return JsonResponse({"text": shut.sentence(), "editable": False}, status=403)


def _answered(request, dossier: Dossier, typed: Typed, save, newest, number: int | None = None) -> JsonResponse:
    """Return 200 with the new edition, when it was saved, the rows' ids, whether that was the whole page, its new mark.

    Without `save` there was nothing to be saved. Somebody was faster, or it was sent: 409 with a sentence.
    """
    now, carried = timezone.now(), held.edition_of(request.POST)
    try:
        if not held.may_edit(request, dossier):
            raise gate.StepNotOpen(dossier, Edit.SAVE, {**MOVES, **EDITS})
        if save is None:
            return JsonResponse({"edition": carried, "saved_at": "", "ids": {}, "whole": False, "seen": ""})
        saved = save(by=request.user, at=now, edition=held.edition_seen(request, dossier, newest), unasked=True)
    except NotReopened as shut:
        return closed(shut)
    except gate.StepNotOpen as shut:
        editable = held.may_edit(request, shut.row)
        return JsonResponse({"text": held.what_happened(shut), "editable": editable}, status=409)
    request.session[held.AUTOSAVED] = [saved.pk, request.POST.get("window"), carried, saved.edition]
    told = {"edition": saved.edition, "saved_at": f"{timezone.localtime(now):%H:%M}", "whole": typed.whole}
    return JsonResponse(told | {"ids": _ids(saved, typed, number), "seen": newest().mark})


def _ids(saved: Dossier, typed: Typed, number: int | None) -> dict[str, int]:
    """Return {field name: id} of the rows, so that those just made are known the next time."""
    for name, rows in typed.rows.items():
        stand = row_ids(saved, name, number)
        new = iter(sorted(stand - {row.get("id") for row in rows}))
        known = (row.get("id") if row.get("id") in stand else next(new, "") for row in rows)
        return {f"{prefix}-id": pk for prefix, pk in zip(typed.prefixes, known, strict=False)}
    return {}
