"""Returning a dossier to its unit."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from models_registry import gate
from models_registry.hidden_names import masks_names
from models_registry.queries.calendar import working_calendar
from models_registry.scales import falls_short
from models_registry.services.turns import REVISION_DAYS
from organizations.permissions import Action, may
from reviews import services
from reviews.forms.returning import ReturnForm
from reviews.forms.shortcuts import with_canned
from reviews.lifecycle import ACTS, JUDGE
from reviews.models import CannedRemark
from reviews.queries.appraisal import criteria_of, holding_of, judgements_of
from reviews.queries.pages import described
from reviews.views.answers import find, told_when_late
from reviews.views.lines import carried, onward


@require_http_methods(["GET", "POST"])
@told_when_late
def send_back(request, pk):
    """Ask the unit for changes: the dossier with room for remarks, criteria, a reason and a day."""
    dossier = find(request, pk)
    _refuse_if_late(request, dossier)
    form = _return_form(request, dossier)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.request_revision(
                dossier.pk,
                criteria=given["criteria"],
                reason=given["reason"],
                remarks=form.remarks(),
                due_on=given["due_on"],
                by=request.user,
                at=timezone.now(),
                edition=given["edition"],
            )
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("Đã gửi yêu cầu bổ sung tới đơn vị."))
            return onward(request, dossier.pk)
    status = 422 if form.is_bound else 200
    canned = CannedRemark.objects.visible_to(request.user)
    shown = {"dossier": dossier, "form": form, "canned": canned, "suffix": carried(request)}
    return render(request, "reviews/return.html", shown, status=status)


def _refuse_if_late(request, dossier) -> None:
    """Tell before anything is typed; the service tells again when it is sent."""
    gate.check(dossier, JUDGE, ACTS, by=request.user, conflicted=False)
    holding = holding_of(dossier.pk)
    if holding and holding.appraiser_id != request.user.pk and not may(request.user, Action.DECIDE):
        raise services.HeldByAnother(holding)


def _return_form(request, dossier) -> ReturnForm:
    today = localdate(timezone.now())
    judged = judgements_of(dossier, dossier.version, request.user.pk)
    version = dossier.versions.get(number=dossier.version)
    criteria = criteria_of(dossier)
    return ReturnForm(
        with_canned(request.POST) if request.method == "POST" else None,
        criteria=criteria,
        sections=described(version, masks_names(request.user, dossier)),
        today=today,
        initial={
            "edition": dossier.edition,
            "due_on": working_calendar().add(today, REVISION_DAYS),
            "criteria": [one.pk for one in criteria if one.pk in judged and falls_short(one, judged[one.pk].mark)],
        },
    )
