"""The closing of quarters: where it stands in each tree, and starting one that was missed; old registers brought in."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from completion.closing import (
    AlreadyRunning,
    AlreadySealed,
    NotBegun,
    closings_url,
    start_recomputing,
    start_sealing,
)
from completion.forms import ArchiveForm
from completion.history import start_loading
from completion.history.rows import COLUMNS
from completion.quarters import Quarter
from completion.queries.closings import closings_of, is_offered, trees_in_sight, two_years
from completion.services import TooEarly
from journal import clock
from journal.lists import Listing, listed
from organizations.permissions import Action, above_every_tree, may
from vietnamese.display import instant_text

TREES = 6  # a page: eight quarters each


def _closings_file(request) -> Listing:
    _require(request, Action.CLOSE_QUARTERS)
    now = timezone.now()
    roots = list(trees_in_sight(request.user))
    trees = closings_of(roots, two_years(_asked_year(request.GET.get("year", ""), now)), at=now, with_jobs=False)
    return Listing(
        title=_("Chốt số liệu"),
        heads=[
            _("Tổ chức"),
            _("Năm"),
            _("Quý"),
            _("Thời điểm chốt"),
            _("Tình trạng"),
            _("Bản"),
            _("Tính đến"),
            _("Số dòng"),
            _("Giá trị băm"),
            _("Đầu nhật ký"),
        ],
        rows=[closing for tree in trees for closing in tree],
        line=_closing_line,
    )


def _closing_line(one) -> list:
    known = one.revision
    cells = [known.number, known.as_of, known.row_count, known.input_hash, known.journal_head or ""] if known else []
    return [one.root.name, one.quarter.year, one.quarter.number, one.closes_at, str(one.label), *(cells or [""] * 5)]


@listed(_closings_file)
@require_safe
def closings(request):
    """Where the closing stands of each tree within reach, two years at once: this and the last first."""
    _require(request, Action.CLOSE_QUARTERS)
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def history(request):
    """Hand an old register in as a ZIP, which starts its loading."""
    if not may_load_history(request.user):
        raise PermissionDenied
    is_posted = request.method == "POST"
    form = ArchiveForm(request.POST if is_posted else None, files=request.FILES if is_posted else None)
    if is_posted and form.is_valid():
        job = start_loading(form.cleaned_data["file"], by=request.user, at=timezone.now())
        return redirect("journal:job", job.pk)
    context = {"form": form, "columns": COLUMNS}
    return render(request, "completion/history.html", context, status=422 if is_posted else 200)


@require_POST
def seal(request, pk: int, quarter: str):
    """Start the sealing of a quarter the scheduler missed, and show its progress."""
    return _start(request, start_sealing, pk, quarter)


@require_POST
def recompute(request, pk: int, quarter: str):
    """Start computing the provisional figures of a quarter anew, and show the progress."""
    return _start(request, start_recomputing, pk, quarter)


def _start(request, start, pk: int, text: str):
    root = get_object_or_404(trees_in_sight(request.user), pk=pk)
    _require(request, Action.CLOSE_QUARTERS)
    now = timezone.now()
    quarter = _offered(text, now)
    if not closings_of([root], [quarter], at=now)[0]:
        raise Http404
    try:
        job = start(root, quarter, by=request.user, at=now)
    except (TooEarly, NotBegun) as early:
        return _page(request, refusal=_told_early(early), status=409)
    except AlreadySealed as done:
        messages.info(request, _told_sealed(done.revision))
        return _back_to(quarter)
    except AlreadyRunning as running:
        return _joined(request, running.job, quarter)
    return redirect("journal:job", job.pk)


def _page(request, *, refusal: str = "", status: int = 200):
    now = timezone.now()
    page = Paginator(trees_in_sight(request.user), TREES).get_page(request.GET.get("page"))
    roots = list(page.object_list)
    year = _asked_year(request.GET.get("year", ""), now)
    context = {
        "page_obj": page,
        "trees": closings_of(roots, two_years(year), at=now),
        "years": [(first - 1, first) for first in (year - 2, year + 2) if is_offered(first, now)],
        "refusal": refusal,
        "may_load_history": may_load_history(request.user),
        "wrong_clock": _wrong_clock(),
    }
    return render(request, "completion/closings.html", context, status=status)


def _wrong_clock() -> str:
    """Return what is wrong with this machine's clock, "" when nothing is; one query."""
    try:
        clock.refuse_wrong_clock()
    except clock.WrongClock as wrong:
        return wrong.said
    return ""


def _joined(request, job, quarter: Quarter):
    """Lead whoever started the work to its progress, and tell anybody else who did."""
    if job.owner_id == request.user.pk:
        messages.info(request, _("Việc này đang chạy rồi; không bắt đầu thêm lần nữa."))
        return redirect("journal:job", job.pk)
    said = _("%(person)s đã bắt đầu việc này lúc %(at)s; không bắt đầu thêm lần nữa.")
    messages.info(request, said % {"person": job.owner, "at": instant_text(job.created_at)})
    return _back_to(quarter)


def _back_to(quarter: Quarter):
    return redirect(closings_url(quarter.year))


def _told_early(early: Exception) -> str:
    if isinstance(early, TooEarly):
        said = _("Chưa đến thời điểm chốt quý này (%(at)s) nên chưa chốt gì. Đến lúc ấy cổng tự chốt.")
        return said % {"at": instant_text(early.period.closes_at)}
    return _("Quý này chưa bắt đầu nên chưa có gì để tính.")


def _told_sealed(revision) -> str:
    said = _("Quý này đã chốt từ lúc %(at)s; mỗi quý chỉ chốt một lần. Mã băm: %(hash)s.")
    return said % {"at": instant_text(revision.computed_at), "hash": revision.input_hash}


def _offered(text: str, now) -> Quarter:
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        raise Http404 from None
    if not is_offered(quarter.year, now):
        raise Http404
    return quarter


def _asked_year(text: str, now) -> int:
    asked = int(text) if re.fullmatch(r"[0-9]{4}", text) else 0
    return asked if is_offered(asked, now) else Quarter.of(now).year


def may_load_history(user) -> bool:
    """An old register may found trees of its own, so only whoever stands above every tree loads one."""
    return may(user, Action.LOAD_HISTORY) and above_every_tree(user)


def _require(request, action: Action) -> None:
    if not may(request.user, action):
        raise PermissionDenied
