"""Who is named and shown in a model: how each agreed, and taking a name or a photo out at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from journal.sending import once
from models_registry import services
from models_registry.consenting import LATEST, NAMED, SHOWN, WORDS
from models_registry.forms.consent import ConsentForm, PhotoConsentForm
from models_registry.kept_files import handed_out
from models_registry.models import Attachment, Consent, Dossier, Exemplar
from models_registry.queries.consent import consents_of
from models_registry.services.consent import may_withdraw_consent

FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])
WITHDRAW = {
    "exemplar": (services.withdraw_consent, gettext_lazy("Đã xóa họ tên khỏi mô hình và mọi bản đã gửi.")),
    "photo": (services.withdraw_photo, gettext_lazy("Đã gỡ ảnh khỏi Kho mô hình hay.")),
}


@FORM_METHODS
def consent(request, pk):
    """Who is named and which photos are shown, with how each agreed; take one out who no longer agrees."""
    found = _dossier(request, pk)
    if request.method == "POST":
        kind = "photo" if "photo" in request.POST else "exemplar"
        chosen = request.POST.get(kind, "")
        if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 18):
            raise Http404
        of = {"photo": Attachment.objects.filter(dossier=found), "exemplar": _exemplars(found)}
        get_object_or_404(of[kind], pk=int(chosen))
        withdraw, said = WITHDRAW[kind]
        withdraw(int(chosen), by=request.user, at=timezone.now())
        messages.success(request, said)
        return redirect("models_registry:consent", pk)
    return render(request, "models_registry/showcase/consent.html", {"dossier": found, **consents_of(found)})


@FORM_METHODS
def exemplar(request, pk, exemplar):
    """Record how somebody agreed to be named."""
    found = _dossier(request, pk)
    one = get_object_or_404(_exemplars(found).exclude(name=""), pk=exemplar)
    return _recorded(request, found, one, ConsentForm, WORDS[LATEST][NAMED])


@FORM_METHODS
def photo(request, pk, photo):
    """Record that those on a photo agreed; from then on it stands beside the model in the showcase."""
    found = _dossier(request, pk)
    one = get_object_or_404(Attachment.objects.filter(dossier=found).exclude(thumbnail="").kept(), pk=photo)
    return _recorded(request, found, one, PhotoConsentForm, WORDS[LATEST][SHOWN])


@require_safe
def scan(request, pk):
    """Hand out the scan of a signed consent, to whoever may take the consent back."""
    found = get_object_or_404(Consent.objects.visible_to(request.user).exclude(file=""), pk=pk)
    subject = found.photo or (found.exemplar and found.exemplar.practice)
    if subject is None or not may_withdraw_consent(request.user, subject.dossier):
        raise PermissionDenied
    return handed_out(request, found)


def _recorded(request, found: Dossier, subject, form_class, words):
    sent = request.method == "POST"
    standing = subject.consents.standing().first()
    kept = {"how": standing.how, "given_on": standing.given_on, "who": standing.who} if standing else {}
    form = form_class(request.POST if sent else None, request.FILES if sent else None, initial=kept)
    back = reverse("models_registry:consent", args=[found.pk])
    if sent and form.is_valid():
        try:
            with once(request, back):
                services.record_consent(subject, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã ghi nhận sự đồng ý."))
            return redirect(back)
    context = {"dossier": found, "subject": subject, "form": form, "words": words, "back": back, "standing": standing}
    status = 422 if form.errors else 200
    return render(request, "models_registry/showcase/consent_form.html", context, status=status)


def _dossier(request, pk) -> Dossier:
    found = get_object_or_404(Dossier.objects.visible_to(request.user).select_related("unit"), pk=pk)
    if not (found.is_model and may_withdraw_consent(request.user, found)):
        raise PermissionDenied
    return found


def _exemplars(dossier: Dossier):
    return Exemplar.objects.filter(practice__dossier=dossier)
