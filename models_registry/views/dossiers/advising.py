"""Advice beside what is being written: with each page, and anew once the page has saved by itself."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from models_registry.content import content_of_section
from models_registry.queries.advice import Advice, advice_on
from models_registry.views.dossiers import held


@require_safe
def advice(request, pk, key, number=None):
    """Return the fragment with the advice on one step as it was last saved."""
    dossier = held.held_or_404(request, pk)
    if key not in held.sections_of(is_model=dossier.is_model):
        raise Http404
    shown = {"advice": on_step(request, dossier, key, number)}
    return render(request, "models_registry/dossiers/_advice.html", shown)


def on_step(request, dossier, key: str, number: int | None = None) -> list[Advice]:
    """Return the advice on one step, or on one individual of it; eight queries at most."""
    content = content_of_section(dossier, key, number)
    return advice_on(dossier, content, request.user, day=timezone.localdate())
