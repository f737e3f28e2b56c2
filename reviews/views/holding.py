"""Taking a dossier into one's own hands, and giving it back."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reviews import services
from reviews.forms.steps import EditionForm
from reviews.views.answers import find, told_when_late
from reviews.views.lines import carried


@require_POST
@told_when_late
def take(request, pk):
    """Take the dossier into one's own hands; 409 when another was faster."""
    dossier = find(request, pk)
    services.take(dossier.pk, by=request.user, at=timezone.now(), edition=_edition(request))
    messages.success(request, _("Bạn đã nhận thẩm định hồ sơ này."))
    return redirect(reverse("reviews:appraise", args=[pk]) + carried(request))


@require_POST
@told_when_late
def give_back(request, pk):
    """Put the dossier back into the queue."""
    dossier = find(request, pk)
    services.give_back(dossier.pk, by=request.user, at=timezone.now(), edition=_edition(request))
    messages.success(request, _("Hồ sơ đã trở lại hàng chờ. Đánh giá đã lưu vẫn còn."))
    return redirect("reviews:queue")


def _edition(request) -> int | None:
    form = EditionForm(request.POST)
    return form.cleaned_data["edition"] if form.is_valid() else None
