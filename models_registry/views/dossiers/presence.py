"""The same draft open elsewhere: who, and since when. Told while writing, before anybody is late."""

from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from models_registry.models import Dossier, OpenDraft
from models_registry.models.presence import EXPIRES
from models_registry.services.presence import hold_open, leave
from models_registry.views.dossiers import held


@require_POST
def presence(request, pk):
    """Tell that a window has the draft open, or (`left`) no longer; answer where else it is open."""
    dossier = held.held_or_404(request, pk)
    window = request.POST.get("window", "")
    if not 0 < len(window) <= 40 or not window.isascii() or not window.isalnum():
        return HttpResponseBadRequest()
    if "left" in request.POST:
        leave(dossier, window, by=request.user)
        return HttpResponse(status=204)
    now = timezone.now()
    hold_open(dossier, window, by=request.user, at=now)
    elsewhere = OpenDraft.objects.visible_to(request.user).exclude(person=request.user, window=window)
    return JsonResponse({"elsewhere": [told(one, request.user) for one in _alive(elsewhere, dossier, now)]})


def others_at(request, dossier: Dossier) -> list[str]:
    """Return one sentence for each other person who has the draft open now; one query."""
    others = OpenDraft.objects.visible_to(request.user).exclude(person=request.user)
    return [told(one, request.user) for one in _alive(others, dossier, timezone.now())]


def told(one: OpenDraft, reader) -> str:
    at = f"{timezone.localtime(one.opened_at):%H:%M}"
    if one.person_id == reader.pk:
        return _("Bạn đang mở bản nháp này ở một cửa sổ hoặc máy khác, từ %(at)s.") % {"at": at}
    return _("%(who)s đang mở bản nháp này, từ %(at)s.") % {"who": one.person, "at": at}


def _alive(found, dossier: Dossier, now):
    return found.filter(dossier=dossier).alive(now - EXPIRES)
