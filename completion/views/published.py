"""Tables of published figures: looked at, sent, approved by another, corrected by a new version."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from completion import publishing
from completion.forms import ReasonForm
from completion.lifecycle import PUBLISHED_MOVES, PublishedStep
from completion.models import PublishedTable
from completion.printed.checking import check, source_of
from completion.printed.forms import heads
from completion.printed.showing import shown_lines, versions_of
from completion.queries.tables import approvers_of, open_published_steps
from journal.lists import Listing, listed
from journal.sending import once
from models_registry.gate import StepNotOpen
from models_registry.kept_files import handed_out
from organizations.permissions import Action, may
from vietnamese.display import instant_text

PER_PAGE = 50
DONE = {
    PublishedStep.ASK: gettext_lazy("Đã gửi duyệt. Người có quyền duyệt đã được báo; số liệu chưa hiện ở đâu."),
    PublishedStep.TAKE_BACK: gettext_lazy("Đã lấy lại bảng để sửa."),
    PublishedStep.APPROVE: gettext_lazy("Đã duyệt. Số liệu hiện ở trang các năm và số liệu của từng đơn vị."),
    PublishedStep.RETURN: gettext_lazy("Đã trả lại. Người nhập được báo kèm ý kiến."),
}


@require_safe
def tables(request):
    """List the tables within sight, the newest year first, by state."""
    require_sight(request)
    states = PublishedTable.State
    state = request.GET.get("state", "")
    found = PublishedTable.objects.visible_to(request.user).select_related("unit", "entered_by")
    if state in states.values:
        found = found.filter(state=state)
    page = Paginator(found.order_by("-year", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    here = reverse("completion:published_tables")
    choices = [("", _("Tất cả")), *states.choices]
    tabs = [
        {"label": label, "url": f"{here}?state={value}" if value else here, "current": value == state}
        for value, label in choices
    ]
    context = {"page_obj": page, "tabs": tabs, "enters": may(request.user, Action.ENTER_PUBLISHED)}
    return render(request, "completion/published/tables.html", context)


def _table_file(request, pk: int) -> Listing:
    table = found_table(request, pk)
    return Listing(
        title=f"{table.title} {table.year}",
        heads=[*(text for _key, text in heads()), _("Tính từ n/N"), _("Khác số công bố")],
        rows=shown_lines(table),
        line=lambda one: [
            one["unit"],
            one["period"],
            one["kind"],
            one["owner"],
            one["label"],
            one["n"],
            one["base"],
            one["rate"],
            one["text"],
            one["gap"],
        ],
        above=[source_of(table), str(_("Số liệu đã công bố, không phải số chốt của cổng."))],
    )


@listed(_table_file)
@require_safe
def table(request, pk: int):
    """Show one table with what was printed beside what n/N makes, and the step that is one's own."""
    return _detail(request, found_table(request, pk))


@require_POST
def step(request, pk: int, step: str):
    """Send, take back, approve or return one table; who was too late is told (409)."""
    if step not in PUBLISHED_MOVES:
        raise Http404
    found = found_table(request, pk)
    form = ReasonForm(request.POST, label=_reason_label(found))
    form.is_valid()
    try:
        with once(request, reverse("completion:published_table", args=[pk])):
            publishing.take_published_step(
                pk, step, by=request.user, at=timezone.now(), reason=form.cleaned_data.get("reason", "")
            )
    except StepNotOpen as late:
        return _detail(request, found_table(request, pk), late=_told_late(late), status=409)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _detail(request, found, form=form, status=422)
    messages.success(request, DONE[step])
    return redirect("completion:published_table", pk)


@require_POST
def version(request, pk: int):
    """Begin a new version of a shown table, which is shown until that one is approved."""
    found = found_table(request, pk)
    try:
        draft = publishing.begin_version(pk, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        return _detail(request, found, late=" ".join(refusal.messages), status=409)
    return redirect("completion:published_rows", draft.pk)


@require_safe
def document(request, pk: int):
    """Hand out the document a table was entered from to whoever sees the table."""
    found = found_table(request, pk)
    if found.document is None:
        raise Http404
    return handed_out(request, found.document)


def _detail(request, found: PublishedTable, *, form=None, late: str = "", status: int = 200):
    steps = open_published_steps(found, request.user)
    is_settled = found.state in (PublishedTable.State.SHOWN, PublishedTable.State.REPLACED)
    checked = None if is_settled else check(found)
    page = Paginator(shown_lines(found, checked), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "table": found,
        "source": source_of(found),
        "page_obj": page,
        "checked": checked,
        "differing": len(checked.differing) if checked else None,
        "steps": steps,
        "form": form or ReasonForm(label=_reason_label(found)),
        "late": late,
        "waits": found.state == PublishedTable.State.ASKED and PublishedStep.APPROVE not in steps,
        "approvers": approvers_of(found, timezone.now()) if found.state == PublishedTable.State.ASKED else [],
        "versions": versions_of(found),
        "may_correct": found.state == PublishedTable.State.SHOWN and may(request.user, Action.ENTER_PUBLISHED),
        "heads": heads(),
    }
    return render(request, "completion/published/table.html", context, status=status)


def found_table(request, pk: int) -> PublishedTable:
    require_sight(request)
    seen = PublishedTable.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("unit", "entered_by", "entered_in", "decided_by", "document", "replaces"), pk=pk
    )


def _reason_label(found: PublishedTable) -> str:
    return _("Lý do sửa") if found.state == PublishedTable.State.DRAFT else _("Ý kiến của người duyệt")


def _told_late(late: StepNotOpen) -> str:
    labels = {f"publishedtable.{name}": move for name, move in PublishedStep.choices}
    if late.last is None:
        return _("Bảng này không còn ở bước đó.")
    said = {"person": late.last.who, "done": labels[late.last.verb].lower(), "at": instant_text(late.last.at)}
    return _("%(person)s đã %(done)s lúc %(at)s.") % said


def require_sight(request) -> None:
    if not any(may(request.user, one) for one in (Action.ENTER_PUBLISHED, Action.READ_FIGURES)):
        raise PermissionDenied
