"""Writing a dossier: fill one screen after another, one individual after another."""

from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from journal.sending import once
from models_registry import gate, services
from models_registry.forms.individuals import individual_screen, individuals_of, subject_of
from models_registry.forms.steps import BUILDERS, screen_for
from models_registry.forms.works import new_work
from models_registry.forms.writing import with_one_more
from models_registry.queries.dossiers import has_earlier_works, row_ids
from models_registry.reopening import NotReopened
from models_registry.sections import ITEM_SECTIONS
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
    try:
        return _show_step(request, dossier, key) if request.method != "POST" else _save_step(request, dossier, key)
    except NotReopened as closed:
        return held.not_reopened(request, dossier, closed)


def _show_step(request, dossier, key):
    if not held.may_edit(request, dossier):
        return held.not_editable(request, dossier)
    remarks = held.remarks_on(dossier)
    return _page(request, dossier, screen_for(key, dossier, request.user, reopened=remarks.reopened), remarks)


def _save_step(request, dossier, key):
    remarks = held.remarks_on(dossier)
    reopened = remarks.reopened
    if "add" in request.POST:
        data = with_one_more(request.POST, new_work(dossier, key))
        return _with_new_row(request, dossier, screen_for(key, dossier, request.user, data, reopened), remarks)
    screen = screen_for(key, dossier, request.user, request.POST, reopened)
    if not screen.is_valid():
        return _page(request, dossier, screen, remarks, status=422)

    def newest():
        return screen_for(key, held.held_or_404(request, dossier.pk), request.user, reopened=reopened)

    leads_to = held.after_saving(request, dossier, key, remarks)
    try:
        with once(request, leads_to):
            services.save_draft(
                dossier.pk,
                by=request.user,
                at=timezone.now(),
                edition=held.edition_seen(request, dossier, newest),
                fields=screen.fields(),
                rows=screen.rows(),
            )
    except gate.StepNotOpen as shut:
        return _stale(request, shut, screen, newest(), remarks)
    return redirect(leads_to)


@require_http_methods(["GET", "HEAD"])
def individuals(request, pk):
    """List the individuals of a sheet, with what each still lacks; one screen each to edit."""
    dossier = held.held_or_404(request, pk)
    if dossier.is_model:
        raise Http404
    if not held.may_edit(request, dossier):
        return held.not_editable(request, dossier)
    remarks = held.remarks_on(dossier)
    before, after = held.neighbours(dossier, held.INDIVIDUAL, remarks)
    context = {
        "dossier": dossier,
        "key": held.INDIVIDUAL,
        "title": held.sections_of(is_model=False)[held.INDIVIDUAL],
        "steps": held.step_list(dossier, held.INDIVIDUAL, remarks),
        "people": _people(dossier, remarks),
        "individual_is_open": remarks.reopened.section(held.INDIVIDUAL),
        "receives_more": remarks.reopened.more(held.INDIVIDUAL),
        "has_earlier": has_earlier_works(dossier),
        "remarks": remarks.pinned,
        "before": before,
        "after": after,
    }
    return render(request, "models_registry/dossiers/individuals.html", context)


def _people(dossier, remarks) -> list[dict]:
    """Return the individuals, each work with its remark, and whether anything of them is open."""
    people = individuals_of(dossier)
    for one in people:
        for work in one["works"]:
            work.remark = remarks.pinned.get(f"item.{work.pk}")
        one["is_open"] = any(remarks.reopened.place(held.INDIVIDUAL, f"item.{work.pk}") for work in one["works"])
    return people


@require_http_methods(["GET", "HEAD", "POST"])
def individual(request, pk, number=None):
    """One individual and the works, at most as many as the round allows."""
    dossier = held.held_or_404(request, pk)
    remarks = held.remarks_on(dossier)
    if number is None and not dossier.is_model and not remarks.reopened.more(held.INDIVIDUAL):
        return held.stays_closed(request, dossier)
    try:
        return _individual(request, dossier, number, remarks)
    except NotReopened as closed:
        return (
            autosaving.closed(closed) if autosaving.is_asked(request) else held.not_reopened(request, dossier, closed)
        )


def _individual(request, dossier, number, remarks):
    data, reopened = held.posted(request), remarks.reopened
    if data is not None and "add" in data:
        data = with_one_more(data, new_work(dossier, held.INDIVIDUAL))
    screen = None if dossier.is_model else individual_screen(dossier, number, data, reopened)
    if screen is None:
        raise Http404
    if autosaving.is_asked(request):
        return autosaving.individual(request, dossier, number, screen, reopened)
    if data is None:
        if not held.may_edit(request, dossier):
            return held.not_editable(request, dossier)
        return _page(request, dossier, screen, remarks)
    if "add" in data:
        return _with_new_row(request, dossier, screen, remarks)
    if not screen.is_valid():
        return _page(request, dossier, screen, remarks, status=422)

    def newest():
        return individual_screen(held.held_or_404(request, dossier.pk), number, reopened=reopened)

    leads_to = _after_individual(request, dossier, remarks)
    try:
        with once(request, leads_to):
            services.save_individual(
                dossier.pk,
                number,
                subject=subject_of(screen),
                works=screen.formset.rows() if screen.formset else (),
                by=request.user,
                at=timezone.now(),
                edition=held.edition_seen(request, dossier, newest),
            )
    except gate.StepNotOpen as shut:
        return _stale(request, shut, screen, newest() or individual_screen(dossier, None), remarks)
    return redirect(leads_to)


def _advice(request, dossier, key: str) -> dict:
    """Return the advice on what is saved, and where a page gets it anew."""
    number = request.resolver_match.kwargs.get("number")
    if key == held.INDIVIDUAL and number is None:
        return {}
    name, args = ("advice_one", [dossier.pk, key, number]) if number else ("advice", [dossier.pk, key])
    url = reverse(f"models_registry:{name}", args=args)
    return {"advice": advising.on_step(request, dossier, key, number), "advice_url": url}


def _after_individual(request, dossier, remarks) -> str:
    if "another" in request.POST:
        return reverse("models_registry:individual_add", args=[dossier.pk])
    if "to" in request.POST:
        return held.after_saving(request, dossier, held.INDIVIDUAL, remarks)
    return held.step_url(dossier, held.INDIVIDUAL)


def _with_new_row(request, dossier, screen, remarks):
    if not screen.receives_more:
        raise NotReopened([screen.key])
    if screen.formset is not None:
        screen.focus_new_row()
    return _page(request, dossier, screen, remarks)


def _page(request, dossier, screen, remarks, *, status=200, conflict=None, newest=None):
    """Show a screen; one that was typed in and not saved goes on carrying the edition it was typed against."""
    shown = newest or (screen if request.method != "POST" else None)
    screen.pin(remarks.pinned)
    screen.show_examples()
    before, after = held.neighbours(dossier, screen.key, remarks)
    kept, begun = remarks.kept(screen.key, _places_of_individual(request, dossier))
    context = {
        "dossier": dossier,
        "screen": screen,
        "form": screen.form,
        "formset": screen.formset,
        "title": held.sections_of(is_model=dossier.is_model)[screen.key],
        "steps": held.step_list(dossier, screen.key, remarks),
        "before": before,
        "after": after,
        "has_earlier": screen.key in ITEM_SECTIONS and screen.receives_more and has_earlier_works(dossier),
        "kept": kept,
        "begun": begun,
        "conflict": conflict,
        "edition": dossier.edition if shown else held.edition_of(request.POST),
        "seen": shown.mark if shown else request.POST.get("seen", ""),
        "elsewhere": others_at(request, dossier),
        **(_advice(request, dossier, screen.key) if status == 200 else {}),
        # Overwriting somebody's newer version is a choice, and half a name makes no new individual.
        "autosaves": conflict is None and screen.writes and request.resolver_match.url_name != "individual_add",
        # Going to another step saves first; a page that was refused lets one go without.
        "saves_first": "step-form" if status == 200 else "",
    }
    return render(request, "models_registry/dossiers/step.html", context, status=status)


def _places_of_individual(request, dossier) -> set[str] | None:
    """Return the places of the individual whose page this is, None on another page; one query where it is one."""
    number = request.resolver_match.kwargs.get("number")
    if number is None:
        return None
    return {f"item.{pk}" for pk in row_ids(dossier, ITEM_SECTIONS[held.INDIVIDUAL], number)}


def _stale(request, shut, typed, newest, remarks):
    """Show both versions; the page now carries the newest edition, so that saving again is a choice."""
    conflict = {"text": held.what_happened(shut), "pairs": list(differences(typed, newest))}
    return _page(request, shut.row, typed, remarks, status=409, conflict=conflict, newest=newest)


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
