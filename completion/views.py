"""The closing of quarters: where it stands in each tree, and starting one that was missed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from completion.closing import AlreadyRunning, AlreadySealed, NotBegun, start_recomputing, start_sealing
from completion.quarters import Quarter
from completion.queries.closings import closings_of, offered_quarters, trees_in_sight
from completion.services import TooEarly
from organizations.permissions import Action, may
from vietnamese.display import instant_text

TREES = 6  # a page: eight quarters each


@require_safe
def closings(request):
    """Where the closing stands of each tree within reach, for the quarters of this year and the last."""
    _require(request, Action.CLOSE_QUARTERS)
    return _page(request)


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
        return redirect("completion:closings")
    except AlreadyRunning as running:
        return _joined(request, running.job)
    return redirect("journal:job", job.pk)


def _page(request, *, refusal: str = "", status: int = 200):
    now = timezone.now()
    page = Paginator(trees_in_sight(request.user), TREES).get_page(request.GET.get("page"))
    roots = list(page.object_list)
    context = {"page_obj": page, "trees": closings_of(roots, offered_quarters(now), at=now), "refusal": refusal}
    return render(request, "completion/closings.html", context, status=status)


def _joined(request, job):
    """Lead whoever started the work to its progress, and tell anybody else who did."""
    if job.owner_id == request.user.pk:
        messages.info(request, _("Việc này đang chạy rồi; không bắt đầu thêm lần nữa."))
        return redirect("journal:job", job.pk)
    said = _("%(person)s đã bắt đầu việc này lúc %(at)s; không bắt đầu thêm lần nữa.")
    messages.info(request, said % {"person": job.owner, "at": instant_text(job.created_at)})
    return redirect("completion:closings")


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
    if quarter not in offered_quarters(now):
        raise Http404
    return quarter


def _require(request, action: Action) -> None:
    if not may(request.user, action):
        raise PermissionDenied
