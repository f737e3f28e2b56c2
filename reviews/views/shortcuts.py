"""The board's sentences and one's own filters of the queue: kept and dropped."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organizations.permissions import Action, may
from reviews.forms.shortcuts import CannedRemarkForm, SavedFilterForm
from reviews.models import CannedRemark, SavedFilter
from reviews.services import shortcuts


@require_http_methods(["GET", "HEAD", "POST"])
def remarks(request):
    """The board's sentences, each with its end, and room for a new one."""
    if not may(request.user, Action.APPRAISE):
        raise PermissionDenied
    form = CannedRemarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            shortcuts.keep_remark(form.cleaned_data["text"], by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error("text", refused)
        else:
            messages.success(request, _("Đã lưu câu mẫu."))
            return redirect("reviews:remarks")
    own = CannedRemark.objects.visible_to(request.user).select_related("by")
    heads = may(request.user, Action.DECIDE)
    shown = {"form": form, "remarks": [(one, heads or one.by_id == request.user.pk) for one in own]}
    return render(request, "reviews/remarks.html", shown, status=422 if form.is_bound else 200)


@require_POST
def drop_remark(request, pk):
    try:
        shortcuts.drop_remark(pk, by=request.user, at=timezone.now())
    except CannedRemark.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Đã xóa câu mẫu."))
    return redirect("reviews:remarks")


@require_POST
def save_filter(request):
    """Keep the filter the queue shows, and show the queue so."""
    if not may(request.user, Action.APPRAISE):
        raise PermissionDenied
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        # The whole form is one short name beside the filter; there is nothing else to show again.
        messages.error(request, _("Chưa lưu bộ lọc: hãy đặt tên dài không quá 60 ký tự."))
        return redirect("reviews:queue")
    given = form.cleaned_data
    try:
        shortcuts.save_filter(given["name"], given["address"], by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % {"name": given["name"]})
    return redirect(f"{reverse('reviews:queue')}?{given['address']}")


@require_POST
def drop_filter(request, pk):
    try:
        shortcuts.drop_filter(pk, by=request.user, at=timezone.now())
    except SavedFilter.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Đã xóa bộ lọc."))
    return redirect("reviews:queue")
