"""The closing room of one tree and quarter: what came in, what must be settled before G, moving G, and the seal."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from completion.forms import MoveForm
from completion.models import FrozenUnit
from completion.quarters import Quarter, midnight
from completion.queries.closings import Closing, closings_of, is_offered, trees_in_sight
from completion.queries.corrections import may_seal
from completion.queries.figures import passport_of
from completion.queries.room import LINES, Room, counts_of, listed_rows
from completion.services import ClosingStays, move_closing, period_of
from journal.lists import Listing, listed
from models_registry.masking import shown_item
from models_registry.models import Obligation, WorkItem
from organizations.permissions import Action, may
from progress.models import ChangeRequest
from vietnamese.display import day_text, instant_text, quarter_text

PER_PAGE = 50
TILES = ("expected", "received", "late", "missing", "exempt")


@require_safe
def room(request, pk: int, quarter: str):
    """Show where the closing stands: received and missing, what must be settled before G, and the seal."""
    closing, found = _room(request, pk, quarter, with_jobs=may(request.user, Action.CLOSE_QUARTERS))
    return render(request, "completion/room.html", _shown(request, closing, found))


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, pk: int, quarter: str):
    """Move the closing instant to another day, with a reason, while it has not passed."""
    closing, _found = _room(request, pk, quarter)
    if not may(request.user, Action.CLOSE_QUARTERS):
        raise PermissionDenied
    form = MoveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        period = period_of(closing.root, closing.quarter)
        day, reason = form.cleaned_data["day"], form.cleaned_data["reason"]
        try:
            move_closing(period, midnight(day), reason=reason, by=request.user, at=timezone.now())
        except ClosingStays as stays:
            form.refuse(ValidationError(str(stays)))
        else:
            messages.success(request, _("Đã dời giờ chốt đến %(at)s.") % {"at": instant_text(midnight(day))})
            return redirect("completion:room", pk=pk, quarter=quarter)
    context = {"closing": closing, "form": form, "left": left_text(closing.closes_at - timezone.now())}
    return render(request, "completion/move_closing.html", context, status=422 if form.is_bound else 200)


def _list_file(request, pk: int, quarter: str, what: str) -> Listing:
    _closing, found = _room(request, pk, quarter, with_jobs=False)
    line = _line(what)
    return Listing(
        title=f"{line.title} {quarter_text(found.quarter.number, found.quarter.year)}",
        heads=[_("Nội dung"), _("Đơn vị"), _("Ghi chú")],
        rows=listed_rows(found, what),
        line=lambda row: [cell for name, cell in _cells(row, found.quarter, request.user).items() if name != "url"],
    )


@listed(_list_file)
@require_safe
def room_list(request, pk: int, quarter: str, what: str):
    """List exactly the rows of one number of the room, each leading to where it is settled."""
    closing, found = _room(request, pk, quarter, with_jobs=False)
    line = _line(what)
    page = Paginator(listed_rows(found, what), PER_PAGE).get_page(request.GET.get("page"))
    rows = [_cells(row, found.quarter, request.user) for row in page.object_list]
    context = {"closing": closing, "line": line, "page_obj": page, "rows": rows}
    if what == "waiting" and may(request.user, Action.MANAGE_UNITS):
        context["settle_url"] = f"{reverse('progress:left_behind')}?below={closing.root.pk}"
    return render(request, "completion/room_list.html", context)


def _shown(request, closing: Closing, found) -> dict:
    counts, now = counts_of(found), timezone.now()
    lines = [
        {"key": key, "title": line.title, "hint": line.hint, "count": counts[key]}
        for key, line in LINES.items()
        if line.to_settle
    ]
    return {
        "closing": closing,
        "tiles": [(key, LINES[key].title, counts[key]) for key in TILES if key != "exempt" or counts[key]],
        "open": [line for line in lines if line["count"]],
        "settled": [line["title"] for line in lines if not line["count"]],
        "passport": passport_of(closing.revision) if closing.revision else None,
        "left": left_text(closing.closes_at - now),
        "is_past": closing.closes_at <= now,
        "may_close": may(request.user, Action.CLOSE_QUARTERS),
        "may_reseal": may_seal(request.user, closing.root),
        "reads": may(request.user, Action.READ_FIGURES),
    }


def left_text(left: timedelta) -> str:
    """Return how long there still is until an instant, in the two units that matter; "" once it has passed."""
    if left <= timedelta():
        return ""
    hours, minutes = divmod(left.seconds // 60, 60)
    said = {"days": left.days, "hours": hours, "minutes": minutes}
    if left.days:
        return _("còn %(days)d ngày %(hours)d giờ") % said
    return _("còn %(hours)d giờ %(minutes)d phút") % said


def _room(request, pk: int, text: str, *, with_jobs: bool = True) -> tuple[Closing, Room]:
    """Return the closing and the room of a tree within sight and a quarter it is closed for."""
    root = get_object_or_404(trees_in_sight(request.user), pk=pk)
    if not may(request.user, Action.READ_FIGURES) and not may(request.user, Action.CLOSE_QUARTERS):
        raise PermissionDenied
    now = timezone.now()
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        raise Http404 from None
    found = closings_of([root], [quarter], at=now, with_jobs=with_jobs)[0] if is_offered(quarter.year, now) else []
    if not found:
        raise Http404
    return found[0], Room(root, quarter, found[0].revision, now)


def _line(what: str):
    if what not in LINES:
        raise Http404
    return LINES[what]


def _cells(row, quarter: Quarter, user) -> dict[str, str]:
    """Return what a list says of one row: what it is, of which unit, a note, and where it is settled.

    An administrator reads no works: of those only the number is told.
    """
    reads = may(user, Action.READ_FIGURES)
    if isinstance(row, FrozenUnit):
        url = reverse("progress:unit_quarter", args=[row.unit_id, quarter.year, quarter.number]) if reads else ""
        return {"title": row.name, "unit": row.code, "note": "", "url": url}
    if isinstance(row, WorkItem):
        return _work(row, user, reads, _("hạn %(day)s") % {"day": day_text(row.due_in_force)})
    if isinstance(row, ChangeRequest):
        asked = {"kind": row.get_kind_display(), "at": instant_text(row.asked_at)}
        return _work(row.item, user, reads, _("%(kind)s, gửi lúc %(at)s") % asked)
    if isinstance(row, Obligation):
        url = reverse("dashboards:unit", args=[row.unit_id]) if reads else ""
        return {"title": row.get_owes_display(), "unit": row.unit.name, "note": "", "url": url}
    url = reverse("completion:correction", args=[row.pk]) if may(user, Action.ASK_CORRECTION) else ""
    title = _("Đính chính số %(number)s") % {"number": row.pk}
    return {"title": title, "unit": row.unit.name, "note": row.get_state_display(), "url": url}


def _work(item: WorkItem, user, reads: bool, note: str) -> dict[str, str]:
    if not reads:
        return {"title": _("Việc số %(number)s") % {"number": item.pk}, "unit": item.unit.name, "note": note, "url": ""}
    title = shown_item(item, user)["title"]
    return {"title": title, "unit": item.unit.name, "note": note, "url": reverse("progress:item", args=[item.pk])}
