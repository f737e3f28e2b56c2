"""Scoring beside the one who holds a dossier, and opening the own sheet again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reviews import services
from reviews.forms.steps import EditionForm
from reviews.views.answers import find, told_when_late
from reviews.views.pages import appraisal_page


@require_POST
@told_when_late
def join(request, pk):
    """Score beside the one who holds the dossier."""
    return _done(
        request, pk, services.join, _("Bạn cùng chấm hồ sơ này. Nộp phiếu xong, bạn xem được điểm của người khác.")
    )


@require_POST
@told_when_late
def leave(request, pk):
    """Give the own seat back."""
    return _done(request, pk, services.leave, _("Bạn đã thôi chấm hồ sơ này."))


@require_POST
@told_when_late
def rework(request, pk):
    """Open the own sheet again."""
    return _done(
        request, pk, services.rework, _("Phiếu chấm của bạn đã mở lại. Sửa xong hãy nộp hoặc gửi đề xuất lại.")
    )


def _done(request, pk: int, service, said: str):
    dossier = find(request, pk)
    form = EditionForm(request.POST)
    edition = form.cleaned_data["edition"] if form.is_valid() else None
    try:
        service(dossier.pk, by=request.user, at=timezone.now(), edition=edition)
    except ValidationError as refused:
        return appraisal_page(request, dossier, problem=" ".join(refused.messages), status=422)
    messages.success(request, said)
    return redirect("reviews:appraise", pk)
