"""Reading one dossier as the board does: to appraise it, compare its versions, look back."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_POST

from models_registry import gate
from models_registry.forms.dossiers import CommentForm
from models_registry.hidden_names import masks_names
from models_registry.lifecycle import EXTENSIONS, Step
from models_registry.models import Dossier
from models_registry.queries.dossiers import comments_of
from models_registry.queries.papers import entered_by_others, files_shown
from models_registry.queries.turns import clock_shown
from models_registry.services.comments import audiences_for
from organizations.permissions import Action, may
from reviews import services
from reviews.forms.deciding import DecisionForm, RefusalForm, SendBackForm
from reviews.forms.judging import JudgementForm
from reviews.forms.steps import EditionForm
from reviews.lifecycle import ACTS, JOIN
from reviews.models import CannedRemark
from reviews.queries.appraisal import others_sign
from reviews.queries.pages import appraisal_of, changes_between, may_reopen, rounds_of, versions_of
from reviews.queries.signals import beside as signals_beside
from reviews.views.answers import find
from reviews.views.lines import line_of


@require_http_methods(["GET"])
def appraise(request, pk):
    """The dossier beside the form; who does not hold it reads. To open it is a look: later changes are told from it."""
    return appraisal_page(request, find(request, pk))


def appraisal_page(request, dossier: Dossier, *, form=None, refusal=None, sent_back=None, problem="", status=200):
    """Draw the appraisal page; `form`, `refusal` and `sent_back` are bound forms, `problem` a sentence above all."""
    user = request.user
    shown = appraisal_of(dossier, user)
    # What a browser fetches ahead was not seen yet; once it is, no other request comes than the page's own (look.js).
    is_ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
    if shown.is_new and not is_ahead:
        services.remember_look(shown.version, by=user, at=timezone.now())
    # What conflicts with the own interest is out of sight.
    steps = gate.open_steps(dossier, ACTS, by=user, conflicted=False)
    holds = shown.holds
    edition = {"edition": dossier.edition}
    proposal = shown.holding.proposed if shown.holding else ""
    files, signed = files_shown(dossier, shown.version.content, own=False)
    initial = edition | {"proposed": proposal, "proposed_reason": shown.holding.proposed_reason} if holds else edition
    may_decide = Step.APPROVE in steps
    leaves_signing = holds and may_decide and others_sign(dossier, user)
    prepared = shown.prepared
    read = edition | {"proposed_at": shown.holding.proposed_at.isoformat() if proposal else ""}
    context = {
        "dossier": dossier,
        "line": line_of(request, dossier.pk),
        "shown": shown,
        "tells_look": shown.is_new and is_ahead,
        "form": _judging(shown, form, initial) if (holds or shown.scores) and not prepared else None,
        "holds": holds,
        "can_join": JOIN in steps and shown.has_room and not (may_decide and shown.panel.is_handed_in),
        "can_take": Step.TAKE in steps,
        "can_return": Step.REQUEST_REVISION in steps and (holds or may_decide) and not prepared,
        "can_give_back": Step.GIVE_BACK in steps and (holds or may_decide) and not prepared,
        "can_decide": may_decide and (holds or bool(proposal)) and not prepared and not leaves_signing,
        "can_send_back": may_decide and bool(proposal) and not holds,
        "can_extend": bool(gate.open_steps(dossier, EXTENSIONS, by=user, conflicted=False)),
        "awaits_proposal": may_decide and not holds and not proposal,
        "prepared": prepared,
        "may_decide": may_decide,
        "can_reopen": may_reopen(user, dossier, shown.decision),
        "edition_form": EditionForm(initial=edition, auto_id=False),
        "decision_form": DecisionForm(initial=read, auto_id=False),
        "refusal": refusal or RefusalForm(initial=read),
        "sent_back": sent_back or SendBackForm(initial=read),
        "problem": problem,
        "canned": SimpleLazyObject(lambda: CannedRemark.objects.visible_to(user)),
        "remarks": shown.pinned,
        "files": files,
        "signed": signed,
        "entered_by": entered_by_others(dossier),
        "signals": signals_beside(dossier, user),
        "comments": comments_of(dossier, user),
        "comment_form": CommentForm(audiences=audiences_for(user, dossier)),
        "comments_next": reverse("reviews:appraise", args=[dossier.pk]) + "#comments",
        **clock_shown(dossier, timezone.now()),
    }
    response = render(request, "reviews/appraise.html", context, status=status)
    # The browser fetches the next dossier while this one is read.
    response["Speculation-Rules"] = f'"{static("js/next.speculationrules")}"'
    return response


def _judging(shown, form, initial: dict):
    return form or JudgementForm(criteria=shown.asked, judged=shown.mine, initial=initial)


@require_POST
def look(request, pk, number):
    """Keep that a version whose page was fetched ahead is before the eyes now."""
    version = get_object_or_404(find(request, pk).versions.only("pk"), number=number)
    services.remember_look(version, by=request.user, at=timezone.now())
    return HttpResponse(status=204)


@require_http_methods(["GET"])
def compare(request, pk):
    """What changed between any two versions (`from` and `to`; the last two without them)."""
    dossier = find(request, pk)
    versions = {version.number: version for version in versions_of(dossier)}
    newest = max(versions)
    before = _chosen(request, "from", versions, default=max(1, newest - 1))
    after = _chosen(request, "to", versions, default=newest)
    changes = changes_between(before, after, masks_names(request.user, dossier))
    shown = {"dossier": dossier, "versions": versions.values(), "before": before, "after": after, "changes": changes}
    shown["newest"] = newest
    return render(request, "reviews/compare.html", shown)


def _chosen(request, name: str, versions: dict, *, default: int):
    asked = request.GET.get(name, "")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else default
    if number not in versions:
        raise Http404
    return versions[number]


@require_http_methods(["GET"])
def history(request, pk):
    """Every version, what was decided on it and why; the judgements for the board alone."""
    seen = Dossier.objects.visible_to(request.user).select_related("unit", "round")
    dossier = get_object_or_404(seen, pk=pk)
    rounds = rounds_of(dossier, request.user)
    shown = {
        "dossier": dossier,
        "rounds": rounds,
        "can_reopen": may_reopen(request.user, dossier, rounds[0].decision if rounds else None),
        "internal": may(request.user, Action.APPRAISE),
    }
    return render(request, "reviews/history.html", shown)
