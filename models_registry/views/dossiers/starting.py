"""Starting a dossier: a new one, a copy of an own one, works of last year."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.sending import once
from models_registry import gate, services
from models_registry.forms.dossiers import BringForm, CopyForm, StartForm
from models_registry.lifecycle import State
from models_registry.models import Dossier, RegistrationRound
from models_registry.queries.dossiers import earlier_models, earlier_works, has_earlier_works
from models_registry.reopening import NotReopened
from models_registry.views.dossiers import held
from organizations.permissions import Action, may

# So many models of earlier years are offered; the list of dossiers has all of them.
OFFERED = 10


@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """Choose a round that receives and what to register; go on with the first screen of the new draft."""
    if not may(request.user, Action.REGISTER):
        raise PermissionDenied
    now = timezone.now()
    rounds = _receiving(request, now)
    form = StartForm(held.posted(request), rounds=rounds, initial=_preset(request, rounds))
    if request.method == "POST" and form.is_valid():
        try:
            with once(request) as sending:
                made = services.start_dossier(**form.cleaned_data, unit=request.user.post.unit, by=request.user, at=now)
                sending.leads_to = _first_screen(request, made, is_new=made.created_at == now)
        except ValidationError as refused:
            form.add_error("round", refused)
        else:
            return redirect(sending.leads_to)
    drafts = Dossier.objects.visible_to(request.user).filter(state=State.DRAFT).order_by("-id")
    earlier = earlier_models(request.user, max((one.year for one in rounds), default=0))
    context = {"form": form, "rounds": rounds, "drafts": drafts[:OFFERED], "earlier": earlier[:OFFERED]}
    return render(request, "models_registry/dossiers/start.html", context, status=422 if form.errors else 200)


def _receiving(request, now):
    return RegistrationRound.objects.visible_to(request.user).receiving(timezone.localdate(now))


def _preset(request, rounds) -> dict:
    preset = {name: request.GET[name] for name in ("round", "kind") if name in request.GET}
    if len(rounds) == 1:
        preset.setdefault("round", rounds[0].pk)
    return preset


def _first_screen(request, dossier: Dossier, *, is_new: bool) -> str:
    if not is_new:
        messages.info(request, _("Đợt này đơn vị đã có bản đăng ký đang soạn dở. Đây là bản ấy, mời bạn soạn tiếp."))
    elif has_earlier_works(dossier):
        return reverse("models_registry:bring", args=[dossier.pk])
    return held.step_url(dossier, "general")


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request, pk):
    """Make a new draft of this dossier in a round that receives."""
    dossier = held.held_or_404(request, pk)
    now = timezone.now()
    rounds = _receiving(request, now)
    form = CopyForm(held.posted(request), rounds=rounds, initial=_preset(request, rounds))
    if request.method == "POST" and form.is_valid():
        try:
            with once(request) as sending:
                made = services.copy_dossier(pk, round=form.cleaned_data["round"], by=request.user, at=now)
                sending.leads_to = reverse("models_registry:check", args=[made.pk])
        except ValidationError as refused:
            form.add_error("round", refused)
        else:
            messages.success(request, _("Đã sao chép. Hãy xem lại từng bước, nhất là ngày tháng và cá nhân được nêu."))
            return redirect(sending.leads_to)
    context = {"dossier": dossier, "form": form, "rounds": rounds}
    return render(request, "models_registry/dossiers/copy.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request, pk):
    """Tick which works of the newest earlier year go on in this sheet."""
    sheet = held.held_or_404(request, pk)
    if sheet.is_model:
        raise Http404
    if not held.may_edit(request, sheet):
        return held.not_editable(request, sheet)
    works = list(earlier_works(sheet))
    form = BringForm(held.posted(request), works=works, sheet=sheet)
    status = 200
    if request.method == "POST" and form.is_valid():
        chosen = [int(one) for one in form.cleaned_data["works"]]
        how = {"by": request.user, "at": timezone.now(), "edition": held.edition_of(request.POST)}
        leads_to = held.step_url(sheet, "collective")
        try:
            with once(request, leads_to):
                services.bring_works(sheet.pk, chosen, **how)
        except NotReopened as closed:
            return held.not_reopened(request, sheet, closed)
        except gate.StepNotOpen as shut:
            form.add_error(None, held.what_happened(shut))
            sheet, status = shut.row, 409
        else:
            messages.success(request, _("Đã chép %(n)d việc. Hãy xem lại ngày tháng và kết quả.") % {"n": len(chosen)})
            return redirect(leads_to)
    context = {"dossier": sheet, "form": form, "works": works, "steps": held.step_list(sheet, "")}
    shown = status if status == 409 or not form.errors else 422
    return render(request, "models_registry/dossiers/bring.html", context, status=shown)
