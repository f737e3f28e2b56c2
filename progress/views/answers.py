"""What the pages share: finding an item, and answering who was too late."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.gate import StepNotOpen
from models_registry.lifecycle import Reason
from models_registry.models import WorkItem
from organizations.permissions import Action, may
from progress.queries.authority import authority_over, open_item_steps
from progress.services.steps import check_item_step
from progress.words import who_was_faster

# Only who may and when are asked before the form is shown; its reason is asked when it is sent.
ANY_REASON = "-" * Reason.REQUIRED.value
CONFIRMERS = (Action.CONFIRM_OWN, Action.CONFIRM_BELOW, Action.DECIDE)
TYPED = ("result", "reason", "answer", "remark")


def require_reader(user) -> None:
    """Raise PermissionDenied for posts that read no works: the administrator's, and none."""
    if not may(user, Action.READ_FIGURES) and not may(user, Action.ENTER_REPORT):
        raise PermissionDenied


LINKS = (
    (gettext_lazy("Việc chờ xác nhận"), "progress:to_confirm", CONFIRMERS),
    (gettext_lazy("Kiểm tra việc thường xuyên"), "progress:checks", CONFIRMERS),
    (gettext_lazy("Đề nghị của đơn vị"), "progress:requests", (Action.DECIDE,)),
    (gettext_lazy("Chuyển tiếp cuối năm"), "progress:carry_over", (Action.REPORT,)),
    (gettext_lazy("Chuyển tiếp cuối năm"), "progress:carry_overs", (Action.DECIDE,)),
    (gettext_lazy("Sắp đến hạn, chưa có tiến độ"), "progress:untouched", (Action.URGE,)),
    (gettext_lazy("Báo cáo quý"), "progress:reports", (Action.READ_FIGURES,)),
    (gettext_lazy("Năm của đơn vị"), "progress:own_year", (Action.READ_FIGURES, Action.ENTER_REPORT)),
)


def confirms(user) -> bool:
    """Whether the post one acts in confirms anything at all."""
    return any(may(user, action) for action in CONFIRMERS)


def links_for(user) -> list[tuple[str, str]]:
    """Return the pages beside the list of items that this post opens, as label and address."""
    return [(label, reverse(name)) for label, name, actions in LINKS if any(may(user, one) for one in actions)]


def find_item(request, pk: int) -> WorkItem:
    """Return one approved item within sight with what its page shows, or 404; one query."""
    seen = WorkItem.objects.visible_to(request.user).counted()
    return get_object_or_404(
        seen.select_related("unit", "dossier__round", "measure", "carried_from", "carried_to"), pk=pk
    )


def require_open(request, item: WorkItem, step: str, at) -> None:
    """Raise PermissionDenied or StepNotOpen where this person may not take the step now."""
    authority = authority_over(item, at)
    if step not in open_item_steps(item, by=request.user, at=at, authority=authority):
        check_item_step(item, step, authority, by=request.user, at=at, reason=ANY_REASON)


def told_when_late(view):
    """Answer a step that is no longer open with 409: who did what and when, and what was typed still there."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except StepNotOpen as late:
            return conflict(request, late)

    return answer


def conflict(request, late: StepNotOpen):
    labels = {"result": _("Kết quả"), "reason": _("Lý do"), "answer": _("Ý kiến"), "remark": _("Nhận xét")}
    typed = [(labels[name], request.POST[name]) for name in TYPED if request.POST.get(name, "").strip()]
    shown = {
        "item": late.row,
        "text": who_was_faster(late.last),
        "reload_url": reverse("progress:item", args=[late.row.pk]),
        "typed": typed,
    }
    return render(request, "progress/conflict.html", shown, status=409)
