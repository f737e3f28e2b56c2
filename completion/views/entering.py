"""Entering a table of published figures: its document, its rows typed in place, pasted or of a file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from completion import publishing
from completion.models import PublishedTable
from completion.printed.checking import check
from completion.printed.columns import SHEET, template
from completion.printed.forms import HeadForm, PasteForm, RowsFileForm, heads, merged, typed_rows
from completion.views.published import found_table
from journal.sending import once
from organizations.models import Unit
from organizations.permissions import Action, may
from vietnamese.workbooks import CONTENT_TYPE

GRID_ROWS, BLANK = 25, 5
FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])


@FORM_METHODS
def begin(request):
    """Begin a table: whose, of which year, and its document."""
    if not may(request.user, Action.ENTER_PUBLISHED):
        raise PermissionDenied
    form = _head_form(request)
    if form.is_bound and form.is_valid():
        with once(request) as sending:
            table = publishing.begin_table(by=request.user, at=timezone.now(), **form.cleaned_data)
            sending.leads_to = reverse("completion:published_bring", args=[table.pk])
        return redirect(sending.leads_to)
    return render(request, "completion/published/head.html", {"form": form}, status=422 if form.is_bound else 200)


@FORM_METHODS
def head(request, pk: int):
    """Change what one's own draft says of its document."""
    table = _own_draft(request, pk)
    known = {name: getattr(table, name) for name in publishing.HEAD}
    form = _head_form(request, begun=True, initial=known)
    if form.is_bound and form.is_valid():
        try:
            publishing.change_head(pk, by=request.user, at=timezone.now(), **form.cleaned_data)
        except publishing.TableChanged:
            messages.warning(request, _told_changed())
        return redirect("completion:published_table", pk)
    context = {"form": form, "table": table}
    return render(request, "completion/published/head.html", context, status=422 if form.is_bound else 200)


@FORM_METHODS
def bring(request, pk: int):
    """Add rows all at once to one's own draft: pasted, or of a file."""
    table = _own_draft(request, pk)
    sent = request.method == "POST"
    by_file = sent and "file" in request.FILES
    paste = PasteForm(request.POST if sent and not by_file else None)
    file = RowsFileForm(request.POST if by_file else None, files=request.FILES if by_file else None)
    form = file if by_file else paste
    if form.is_bound and form.is_valid():
        rows = file.rows if by_file else form.cleaned_data["rows"]
        try:
            publishing.keep_rows(pk, [*table.rows, *rows], edition=table.edition, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.refuse(refusal)
        except publishing.TableChanged:
            form.add_error(None, _told_changed())
        else:
            return redirect("completion:published_rows", pk)
    context = {"table": table, "paste": paste, "file": file, "form": form, "columns": SHEET.columns}
    return render(request, "completion/published/bring.html", context, status=422 if sent else 200)


@FORM_METHODS
def rows(request, pk: int):
    """Edit the rows of one's own draft in place, those with something wrong first; what is typed is always kept."""
    table = _own_draft(request, pk)
    if request.method == "POST":
        typed = merged(table.rows, typed_rows(request.POST))
        edition = request.POST.get("edition", "")
        try:
            publishing.keep_rows(
                pk,
                typed,
                edition=int(edition) if edition.isdecimal() and len(edition) < 9 else -1,
                by=request.user,
                at=timezone.now(),
            )
        except publishing.TableChanged:
            return _grid(request, table, typed, late=_told_changed(), status=409)
        except ValidationError as refusal:
            return _grid(request, table, typed, refused=refusal.messages, status=422)
        if "add" in request.POST:
            return redirect(f"{request.path}?page=last")
        messages.success(request, _("Đã lưu bảng."))
        return redirect(request.get_full_path())
    return _grid(request, table, table.rows)


def _grid(request, table: PublishedTable, typed: list, *, late: str = "", refused=(), status: int = 200):
    checked = check(table, typed)
    lines = sorted(checked.lines, key=lambda line: not line.problems)
    page = Paginator(lines, GRID_ROWS).get_page(request.GET.get("page"))
    blank = [(len(typed) + more, None) for more in range(BLANK)] if page.number == page.paginator.num_pages else []
    context = {
        "table": table,
        "checked": checked,
        "page_obj": page,
        "heads": heads(),
        "grid": [(line.number - 1, line) for line in page.object_list] + blank,
        "edition": table.edition,
        "late": late,
        "refused": refused,
    }
    return render(request, "completion/published/rows.html", context, status=status)


@require_POST
def drop(request, pk: int):
    """Delete one's own draft."""
    _own_draft(request, pk)
    try:
        publishing.drop_table(pk, by=request.user, at=timezone.now())
    except publishing.TableChanged:
        messages.warning(request, _told_changed())
        return redirect("completion:published_table", pk)
    messages.success(request, _("Đã bỏ bản nháp."))
    return redirect("completion:published_tables")


@require_safe
def rows_template(request):
    """Hand out the file people fill in."""
    if not may(request.user, Action.ENTER_PUBLISHED):
        raise PermissionDenied
    answer = HttpResponse(template(), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="mau-so-lieu-da-cong-bo.xlsx"'
    return answer


def _head_form(request, **kwargs) -> HeadForm:
    sent = request.method == "POST"
    units = Unit.objects.visible_to(request.user)
    return HeadForm(request.POST if sent else None, files=request.FILES if sent else None, units=units, **kwargs)


def _own_draft(request, pk: int) -> PublishedTable:
    found = found_table(request, pk)
    if found.entered_by_id != request.user.pk or not may(request.user, Action.ENTER_PUBLISHED):
        raise PermissionDenied
    if found.state != PublishedTable.State.DRAFT:
        raise PermissionDenied
    return found


def _told_changed() -> str:
    return _("Bảng này vừa được lưu hoặc gửi ở cửa sổ khác. Những gì bạn gõ chưa được lưu; hãy mở lại trang.")
