"""What the board's pages share: finding the dossier, and answering who was too late."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from models_registry.gate import StepNotOpen
from models_registry.models import Dossier
from models_registry.queries.in_sight import at_the_desk
from organizations.permissions import Action, may
from reviews.services import DecisionPrepared, HeldByAnother, ProposalChanged
from reviews.words import what_is_prepared, what_is_proposed_now, who_holds, who_was_faster


def find(request, pk: int, action: Action = Action.APPRAISE) -> Dossier:
    """Return the dossier, or 404 out of sight and 403 without the right; one query, two for a board."""
    dossier = at_the_desk(request.user, pk)
    if dossier is None:
        raise Http404
    if not may(request.user, action):
        raise PermissionDenied
    return dossier


def told_when_late(view):
    """Answer a step that is no longer open with 409: who did what and when, and what was typed still there.

    A dossier out of sight is 404.
    """

    @wraps(view)
    def answer(request, pk, *args, **kwargs):
        try:
            return view(request, pk, *args, **kwargs)
        except Dossier.DoesNotExist:
            raise Http404 from None
        except StepNotOpen as late:
            return conflict(request, pk, who_was_faster(late.last))
        except HeldByAnother as held:
            return conflict(request, pk, who_holds(held.holding))
        except DecisionPrepared as waiting:
            return conflict(request, pk, what_is_prepared(waiting.decision))
        except ProposalChanged as changed:
            return conflict(request, pk, what_is_proposed_now(changed.holding))

    return answer


def conflict(request, pk: int, text: str):
    if "X-Autosave" in request.headers:
        return JsonResponse({"text": text, "editable": False}, status=409)
    typed = [(_label(key), value) for key, value in request.POST.items() if _label(key) and value.strip()]
    shown = {"text": text, "reload_url": reverse("reviews:appraise", args=[pk]), "typed": typed}
    return render(request, "reviews/conflict.html", shown, status=409)


def _label(key: str) -> str:
    if key in ("reason", "proposed_reason"):
        return _("Lý do")
    return _("Nhận xét") if key.startswith("remark") else ""
