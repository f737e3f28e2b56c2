"""Signals against formalism: the board's list, one with what makes it, its answer; and from when on they are asked."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journal.lists import Listing, listed
from journal.sending import once
from organizations.permissions import Action, may
from reviews.forms.signals import AnswerForm, SignalFilter, ThresholdsForm
from reviews.models import Signal
from reviews.queries import signals as queries
from reviews.services import signals as services
from reviews.signals import question_of

PER_PAGE = 50


def _signals_file(request) -> Listing:
    _board_only(request.user)
    values = SignalFilter(request.GET, this_year=localdate().year).values
    return Listing(
        title=_("Câu hỏi về dấu hiệu hình thức"),
        heads=[_("Dấu hiệu"), _("Đơn vị"), _("Năm"), _("Câu hỏi"), _("Nêu lúc"), _("Ghi đã xem lúc")],
        rows=queries.listed(request.user, **values),
        line=lambda one: [
            one.get_kind_display(),
            one.unit.name,
            one.year,
            question_of(one),
            one.found_at,
            one.answered_at,
        ],
    )


@listed(_signals_file)
@require_safe
def signals(request):
    """The questions put to the board in a year, by kind and unit; six queries."""
    _board_only(request.user)
    form = SignalFilter(request.GET, this_year=localdate().year)
    values = form.values
    page = Paginator(queries.listed(request.user, **values), PER_PAGE).get_page(request.GET.get("page"))
    counts = queries.counts_by_kind(queries.listed(request.user, **values | {"kind": ""}))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(one, question_of(one)) for one in page],
        "tabs": _tabs(request, values["kind"], counts),
        "sets_thresholds": may(request.user, Action.RUN_ROUNDS),
        "values": values,
    }
    return render(request, "reviews/signals.html", context)


def _tabs(request, current: str, counts: dict[str, int]) -> list[dict]:
    address = request.GET.copy()
    address.pop("page", None)
    tabs = []
    for kind, label in [("", _("Tất cả")), *Signal.Kind.choices]:
        address["kind"] = kind
        count = counts.get(kind, 0) if kind else sum(counts.values())
        tabs.append({"label": label, "count": count, "url": f"?{address.urlencode()}", "current": kind == current})
    return tabs


@require_http_methods(["GET", "HEAD", "POST"])
def signal(request, pk):
    """One question with exactly what makes it, the answers given, and room for another; ten queries at most."""
    _board_only(request.user)
    now = timezone.now()
    found = get_object_or_404(Signal.objects.visible_to(request.user).with_names(), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with once(request, reverse("reviews:signals")):
                services.answer_signal(pk, note=form.cleaned_data["note"], by=request.user, at=now)
        except Signal.DoesNotExist:
            raise Http404 from None
        except ValidationError as refused:
            form.add_error("note", refused.messages)
        else:
            messages.success(request, _("Đã ghi. Câu hỏi này chỉ hiện lại khi có điều mới."))
            return redirect("reviews:signals")
    return render(request, "reviews/signal.html", _shown(request, found, form), status=422 if form.errors else 200)


def _shown(request, found: Signal, form: AnswerForm) -> dict:
    page = queries.parts_of(found, request.GET.get("page"), PER_PAGE)
    parts = list(page)
    is_text = found.kind == Signal.Kind.TEXT
    return {
        "signal": found,
        "question": question_of(found),
        "page_obj": page,
        "passages": queries.passages_of(parts, request.user).get(found.pk, []) if is_text else [],
        "places": [] if is_text else queries.places(parts, request.user),
        "answers": queries.answers_of(found),
        "form": form if services.may_answer(request.user, found) else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def thresholds(request):
    """From when on the board is asked; its head changes it."""
    if not may(request.user, Action.RUN_ROUNDS):
        raise PermissionDenied
    standing = services.thresholds_of(request.user.post.unit_id)
    form = ThresholdsForm(request.POST if request.method == "POST" else None, initial=model_to_dict(standing))
    if request.method == "POST" and form.is_valid():
        services.set_thresholds(form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Đã lưu. Lần tìm tiếp theo theo các ngưỡng này."))
        return redirect("reviews:signals")
    return render(request, "reviews/signal_thresholds.html", {"form": form}, status=422 if form.errors else 200)


def _board_only(user) -> None:
    if not may(user, Action.APPRAISE):
        raise PermissionDenied
