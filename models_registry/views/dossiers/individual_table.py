"""Many individuals' works at once: as a table on one page, or pasted from a spreadsheet into it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from models_registry import gate, services
from models_registry.forms.individual_lines import Standing, judge
from models_registry.forms.individual_pastes import PasteForm, as_posted
from models_registry.forms.individual_rows import (
    HEADERS,
    KEYS,
    MOST_ROWS,
    measures_by_name,
    rows_formset,
    standing,
    typed_of,
)
from models_registry.forms.individual_tables import Table, differences, lines_on, taken_out
from models_registry.forms.writing import with_one_more
from models_registry.models import Dossier
from models_registry.views.dossiers import held
from vietnamese.display import number_text

PAGE_SIZE = 50
MORE = 5  # empty rows added at once


@require_http_methods(["GET", "HEAD", "POST"])
def individuals_table(request, pk):
    """All works of individuals on a sheet, fifty rows a page; a page is saved as a whole or not at all."""
    dossier = sheet_or_404(request, pk)
    if shut := shut_out(request, dossier):
        return shut
    # A work that began is read on its individual's page, and written nowhere.
    begun = dossier.begun_works()
    works = [item for item in standing(dossier) if item.pk not in begun]
    page = Paginator(works, PAGE_SIZE).get_page(request.GET.get("page"))
    first = (page.number - 1) * PAGE_SIZE + 1
    if request.method == "POST":
        return _posted(request, dossier, "table", first=first, page_obj=page)
    blank = 0 if page.has_next() else MORE
    formset = _formset(dossier, saved=[typed_of(item) for item in page], blank=blank)
    return _page(request, dossier, "table", Table(formset, {}, first), page_obj=page)


@require_http_methods(["GET", "HEAD", "POST"])
def individuals_paste(request, pk):
    """What was pasted, as a table that can be corrected before anything is saved."""
    dossier = sheet_or_404(request, pk)
    if shut := shut_out(request, dossier):
        return shut
    if request.method == "POST" and "pasted" not in request.POST:
        return _posted(request, dossier, "paste")
    form = PasteForm(held.posted(request))
    if not form.is_valid():
        return _page(request, dossier, "paste", form=form, status=422 if form.is_bound else 200)
    formset = _formset(dossier, as_posted(form.cleaned_data["pasted"]))
    lines = _judged(formset, dossier)
    table = Table(formset, lines)
    more = {"form": form, "unused": form.unused, "edition": dossier.edition}
    return _page(request, dossier, "paste", table, status=422 if table.wrong else 200, **more)


def shut_out(request, dossier: Dossier):
    """Return the answer where the individuals' works may not all be written now, else nothing."""
    if not held.may_edit(request, dossier):
        return held.not_editable(request, dossier) if request.method != "POST" else None
    return None if held.remarks_on(dossier).reopened.section(held.INDIVIDUAL) else held.stays_closed(request, dossier)


def sheet_or_404(request, pk) -> Dossier:
    dossier = held.held_or_404(request, pk)
    if dossier.is_model:
        raise Http404
    return dossier


def _formset(dossier: Dossier, data=None, *, saved=(), blank: int = 0):
    return rows_formset(data, saved=saved, blank=blank, year=dossier.year, measures=measures_by_name())


def _with_more(data):
    for _number in range(MORE):
        data = with_one_more(data)
    return data


def _judged(formset, dossier: Dossier, first: int = 1):
    lines = lines_on(formset, first=first)
    judge(list(lines.values()), dossier, day=timezone.localdate(), removed=taken_out(formset))
    return lines


def _posted(request, dossier: Dossier, name: str, *, first: int = 1, page_obj=None):
    """Save the rows of a posted page, show what is wrong in them, or say who was faster."""
    if "add" in request.POST:
        formset = _formset(dossier, _with_more(request.POST))
        return _page(request, dossier, name, Table(formset, {}, first), page_obj=page_obj)
    formset = _formset(dossier, request.POST)
    lines = _judged(formset, dossier, first)
    table = Table(formset, lines, first)
    if table.wrong or formset.non_form_errors():
        return _page(request, dossier, name, table, page_obj=page_obj, status=422)
    removed = taken_out(formset)
    rows = [line.row() for line in lines.values() if line.standing.is_written]
    edition = held.edition_seen(request, dossier)
    try:
        services.save_works(dossier.pk, rows, removed=removed, by=request.user, at=timezone.now(), edition=edition)
    except gate.StepNotOpen as shut:
        pairs = list(differences(lines.values(), standing(dossier)))
        conflict = {"text": held.what_happened(shut), "pairs": pairs}
        return _page(request, shut.row, name, table, page_obj=page_obj, conflict=conflict, status=409)
    messages.success(request, _said(table, len(removed)))
    return redirect(request.get_full_path() if name == "table" else held.step_url(dossier, held.INDIVIDUAL))


def _said(table: Table, removed: int) -> str:
    counts = table.counts
    left_out = ""
    if begun := counts[Standing.BEGUN]:
        told = _("%(count)s dòng không được ghi vì việc đã duyệt và đã bắt đầu: %(rows)s.")
        rows = ", ".join(str(line.number) for line in table.lines.values() if line.standing == Standing.BEGUN)
        left_out = " " + told % {"count": number_text(begun), "rows": rows}
    if not (counts[Standing.NEW] or counts[Standing.CHANGED] or removed):
        return _("Không có gì thay đổi.") + left_out
    said = _("Đã lưu: %(new)s dòng mới, %(changed)s dòng sửa, %(removed)s dòng bỏ.") % {
        "new": number_text(counts[Standing.NEW]),
        "changed": number_text(counts[Standing.CHANGED]),
        "removed": number_text(removed),
    }
    if table.warned:
        said += " " + _("%(count)s dòng còn chỗ cần xem lại trước khi gửi.") % {"count": number_text(table.warned)}
    return said + left_out


def _page(request, dossier, name, table=None, *, page_obj=None, status=200, **more):
    remarks = held.remarks_on(dossier)
    if table is not None:
        table.remarks = remarks.pinned
    context = {
        "dossier": dossier,
        # A page that comes back stays as old as it was, until it was shown what is newer.
        "edition": held.edition_of(request.POST) if status == 422 or "add" in request.POST else dossier.edition,
        "section": held.sections_of(is_model=False)[held.INDIVIDUAL],
        "back": held.step_url(dossier, held.INDIVIDUAL),
        "table": table,
        "page_obj": page_obj,
        "measures": table.measures if table else (),
        "most": MOST_ROWS,
        "columns": [HEADERS[key] for key in KEYS],
        "remark": remarks.pinned.get(held.INDIVIDUAL),
        **more,
    }
    return render(request, f"models_registry/dossiers/individuals_{name}.html", context, status=status)
