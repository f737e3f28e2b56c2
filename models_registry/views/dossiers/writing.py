"""Writing a dossier: fill one screen after another, one individual after another."""

from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from journal.sending import once
from models_registry import gate, services
from models_registry.content import ITEM_SECTIONS
from models_registry.forms.individuals import SubjectForm, individual_screen, individuals_of
from models_registry.forms.steps import BUILDERS, screen_for
from models_registry.forms.works import new_work
from models_registry.forms.writing import with_one_more
from models_registry.queries.dossiers import has_earlier_works
from models_registry.views.dossiers import advising, autosaving, held
from models_registry.views.dossiers.presence import others_at
from vietnamese.display import day_text


@require_http_methods(["GET", "HEAD", "POST"])
def step(request, pk, key):
    """One screen of a dossier: show it, save it, or say who saved before; at most twelve queries to show it."""
    dossier = held.held_or_404(request, pk)
    if key not in BUILDERS or key not in held.sections_of(is_model=dossier.is_model):
        raise Http404
    if autosaving.is_asked(request):
        return autosaving.step(request, dossier, key)
    if request.method != "POST":
        if not held.may_edit(request, dossier):
            return held.not_editable(request, dossier)
        return _page(request, dossier, screen_for(key, dossier, request.user))
    if "add" in request.POST:
        data = with_one_more(request.POST, new_work(dossier, key))
        return _with_new_row(request, dossier, screen_for(key, dossier, request.user, data))
    screen = screen_for(key, dossier, request.user, request.POST)
    if not screen.is_valid():
        return _page(request, dossier, screen, status=422)

    def newest():
        return screen_for(key, held.held_or_404(request, pk), request.user)

    leads_to = held.after_saving(request, dossier, key)
    try:
        with once(request, leads_to):
            services.save_draft(
                pk,
                by=request.user,
                at=timezone.now(),
                edition=held.edition_seen(request, dossier, newest),
                fields=screen.fields(),
                rows=screen.rows(),
            )
    except gate.StepNotOpen as shut:
        return _stale(request, shut, screen, newest())
    return redirect(leads_to)


@require_http_methods(["GET", "HEAD"])
def individuals(request, pk):
    """List the individuals of a sheet, with what each still lacks; one screen each to edit."""
    dossier = held.held_or_404(request, pk)
    if dossier.is_model:
        raise Http404
    if not held.may_edit(request, dossier):
        return held.not_editable(request, dossier)
    before, after = held.neighbours(dossier, held.INDIVIDUAL)
    remarks = held.remarks_on(dossier)
    context = {
        "dossier": dossier,
        "key": held.INDIVIDUAL,
        "title": held.sections_of(is_model=False)[held.INDIVIDUAL],
        "steps": held.step_list(dossier, held.INDIVIDUAL, remarks.sections),
        "people": individuals_of(dossier),
        "has_earlier": has_earlier_works(dossier),
        "remarks": remarks.pinned,
        "before": before,
        "after": after,
    }
    return render(request, "models_registry/dossiers/individuals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def individual(request, pk, number=None):
    """One individual and the works, at most as many as the round allows."""
    dossier = held.held_or_404(request, pk)
    data = request.POST if request.method == "POST" else None
    if data is not None and "add" in data:
        data = with_one_more(data, new_work(dossier, held.INDIVIDUAL))
    screen = None if dossier.is_model else individual_screen(dossier, number, data)
    if screen is None:
        raise Http404
    if autosaving.is_asked(request):
        return autosaving.individual(request, dossier, number, screen)
    if data is None:
        if not held.may_edit(request, dossier):
            return held.not_editable(request, dossier)
        return _page(request, dossier, screen)
    if "add" in data:
        return _with_new_row(request, dossier, screen)
    if not screen.is_valid():
        return _page(request, dossier, screen, status=422)

    def newest():
        return individual_screen(held.held_or_404(request, pk), number)

    leads_to = _after_individual(request, dossier)
    try:
        with once(request, leads_to):
            services.save_individual(
                pk,
                number,
                subject={name: screen.form.cleaned_data[name] for name in SubjectForm.base_fields},
                works=screen.formset.rows(),
                by=request.user,
                at=timezone.now(),
                edition=held.edition_seen(request, dossier, newest),
            )
    except gate.StepNotOpen as shut:
        return _stale(request, shut, screen, newest() or individual_screen(dossier, None))
    return redirect(leads_to)


def _advice(request, dossier, key: str) -> dict:
    """Return the advice on what is saved, and where a page gets it anew."""
    number = request.resolver_match.kwargs.get("number")
    if key == held.INDIVIDUAL and number is None:
        return {}
    name, args = ("advice_one", [dossier.pk, key, number]) if number else ("advice", [dossier.pk, key])
    url = reverse(f"models_registry:{name}", args=args)
    return {"advice": advising.on_step(request, dossier, key, number), "advice_url": url}


def _after_individual(request, dossier) -> str:
    if "another" in request.POST:
        return reverse("models_registry:individual_add", args=[dossier.pk])
    if "to" in request.POST:
        return held.after_saving(request, dossier, held.INDIVIDUAL)
    return held.step_url(dossier, held.INDIVIDUAL)


def _with_new_row(request, dossier, screen):
    if screen.formset is not None:
        screen.focus_new_row()
    return _page(request, dossier, screen)


def _page(request, dossier, screen, *, status=200, conflict=None, newest=None):
    """Show a screen; one that was typed in and not saved goes on carrying the edition it was typed against."""
    shown = newest or (screen if request.method != "POST" else None)
    remarks = held.remarks_on(dossier)
    screen.pin(remarks.pinned)
    screen.show_examples()
    before, after = held.neighbours(dossier, screen.key)
    context = {
        "dossier": dossier,
        "screen": screen,
        "form": screen.form,
        "formset": screen.formset,
        "title": held.sections_of(is_model=dossier.is_model)[screen.key],
        "steps": held.step_list(dossier, screen.key, remarks.sections),
        "before": before,
        "after": after,
        "has_earlier": screen.key in ITEM_SECTIONS and has_earlier_works(dossier),
        "conflict": conflict,
        "edition": dossier.edition if shown else held.edition_of(request.POST),
        "seen": shown.mark if shown else request.POST.get("seen", ""),
        "elsewhere": others_at(request, dossier),
        **(_advice(request, dossier, screen.key) if status == 200 else {}),
        # Overwriting somebody's newer version is a choice, and half a name makes no new individual.
        "autosaves": conflict is None and request.resolver_match.url_name != "individual_add",
        # Going to another step saves first; a page that was refused lets one go without.
        "saves_first": "step-form" if status == 200 else "",
    }
    return render(request, "models_registry/dossiers/step.html", context, status=status)


def _stale(request, shut, typed, newest):
    """Show both versions; the page now carries the newest edition, so that saving again is a choice."""
    conflict = {"text": held.what_happened(shut), "pairs": list(differences(typed, newest))}
    return _page(request, shut.row, typed, status=409, conflict=conflict, newest=newest)


def differences(typed, newest):
    """Yield {label, mine, theirs} for each field and for the list, where what was typed is not what is saved."""
    if typed.form is not None:
        for mine, theirs in zip(typed.form, newest.form, strict=True):
            if _said(mine) != _said(theirs):
                yield {"label": mine.label, "mine": _said(mine), "theirs": _said(theirs)}
    if typed.formset is not None:
        mine, theirs = (_listed(screen.formset) for screen in (typed, newest))
        if mine != theirs:
            titles = held.sections_of(is_model=True) | held.sections_of(is_model=False)
            yield {"label": titles.get(typed.key, ""), "mine": mine, "theirs": theirs}


def _said(field) -> str:
    """Return a field's value as it reads on the page: a choice by its label, a day as people write it."""
    value, labels = field.value(), _labels(field.field)
    if isinstance(value, list | tuple):
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    if isinstance(value, date):
        return day_text(value)
    if value is True:
        return str(field.label)
    return labels.get(str(value), str(value)) if value else ""


def _labels(field) -> dict[str, str]:
    return {str(value): str(label) for value, label in getattr(field, "choices", ()) if value}


def _listed(formset) -> str:
    rows = ("; ".join(filter(None, (_said(f) for f in form if f.name not in ("id", "DELETE")))) for form in formset)
    return "\n".join(filter(None, rows))
