"""Conflicts of interest: who may judge one dossier, what was declared, and the overrides that take a second person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from models_registry.lifecycle import State
from models_registry.models import Dossier
from organizations.permissions import Action, may
from organizations.queries import people_at
from reviews import services
from reviews.forms.assigning import AnswerForm, ConflictForm, LiftForm, UnitConflictForm
from reviews.models import Assignment
from reviews.queries import assigning as queries
from reviews.queries.appraisal import holding_of
from reviews.querysets import ANSWERS, BOARD_ROLES
from reviews.services.conflicts import may_answer
from reviews.views.answers import find, told_when_late

PAGE = 50
FORM = "reviews/conflicts/form.html"


@require_http_methods(["GET"])
def who(request, pk: int):
    """Who of the board may judge this dossier and who may not, why; a head gives it out from here."""
    dossier = _sent(request, pk)
    rows = queries.standings(dossier, timezone.now())
    scorers = set(Assignment.objects.held().filter(dossier=dossier).values_list("appraiser", flat=True))
    context = {
        "dossier": dossier,
        "rows": rows,
        "holding": holding_of(dossier.pk),
        "scorers": scorers,
        "has_seat": dossier.state == State.UNDER_APPRAISAL and len(scorers) < dossier.round.appraisers,
        "assigns": may(request.user, Action.DECIDE) and dossier.state in (State.SUBMITTED, State.UNDER_APPRAISAL),
        "declares": may(request.user, Action.APPRAISE),
        "asks": any(row.barred and row.override is None and row.seat.person.pk != request.user.pk for row in rows),
    }
    return render(request, "reviews/conflicts/who.html", context)


def _sent(request, pk: int) -> Dossier:
    """Return a dossier before its board; for those of the board and for leaders, who may ask for an override."""
    if may(request.user, Action.APPRAISE):
        return find(request, pk)
    seen = Dossier.objects.visible_to(request.user).select_related("unit", "body", "round")
    dossier = get_object_or_404(seen, pk=pk)
    if request.user.post.role != "leader" or dossier.body_id is None:
        raise PermissionDenied
    return dossier


@require_http_methods(["GET", "POST"])
@told_when_late
def declare(request, pk: int):
    """Declare a conflict with this dossier: an appraiser the own, a head anybody's of the board."""
    dossier, user, now = find(request, pk), request.user, timezone.now()
    people = _whom(user, now)
    form = ConflictForm(request.POST if request.method == "POST" else None, people=people, initial={"person": user.pk})
    if form.is_bound and form.is_valid():
        try:
            services.declare(
                form.cleaned_data["person"], dossier_id=dossier.pk, reason=form.cleaned_data["reason"], by=user, at=now
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã ghi khai báo. Người này không còn thấy hồ sơ ở Ban."))
            return redirect("reviews:queue")
    return _form(request, form, dossier, _("Khai báo xung đột lợi ích"), _("Khai báo"), _of_declaring())


@require_http_methods(["GET", "POST"])
@told_when_late
def ask_override(request, pk: int):
    """Ask that somebody with a conflict may judge this version all the same."""
    dossier, user, now = _sent(request, pk), request.user, timezone.now()
    rows = queries.standings(dossier, now)
    people = [row.seat.person for row in rows if row.barred and row.override is None and row.seat.person.pk != user.pk]
    form = ConflictForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            services.ask_override(dossier.pk, given["person"], reason=given["reason"], by=user, at=now)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã gửi đề nghị. Cần một người thứ hai đồng ý."))
            return redirect("reviews:who", dossier.pk)
    title, label = _("Đề nghị cho thẩm định dù có xung đột"), _("Gửi đề nghị")
    return _form(request, form, dossier, title, label, _of_overriding(), empty=not people)


def _of_declaring() -> str:
    return _("Từ lúc khai báo, người này không thấy hồ sơ trong danh sách của Ban và không được báo tin về hồ sơ.")


def _of_overriding() -> str:
    return _("Đề nghị chỉ có hiệu lực khi một người khác đồng ý, và hết hiệu lực khi bản này rời Ban.")


def _form(request, form, dossier, title: str, label: str, lead: str, *, empty: bool = False):
    context = {"form": form, "dossier": dossier, "title": title, "label": label, "lead": lead, "empty": empty}
    return render(request, FORM, context, status=422 if form.is_bound else 200)


def _whom(user, now) -> list:
    people = people_at(user.post.unit_id, BOARD_ROLES, now)
    return [one for one in people if may(user, Action.DECIDE) or one.pk == user.pk]


@require_http_methods(["GET", "POST"])
def conflicts(request):
    """What bars oneself, what was declared, overrides to answer; a POST declares a conflict with a unit."""
    user, now = request.user, timezone.now()
    of_board = may(user, Action.APPRAISE)
    if not of_board and (user.post is None or user.post.role not in ANSWERS):
        raise PermissionDenied
    if request.method == "POST" and not of_board:
        raise PermissionDenied
    form = None
    if of_board:
        posted = request.POST if request.method == "POST" else None
        form = UnitConflictForm(posted, user=user, people=_whom(user, now), initial={"person": user.pk})
    if form and form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            services.declare(given["person"], unit=given["unit"], reason=given["reason"], by=user, at=now)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã ghi khai báo."))
            return redirect("reviews:conflicts")
    asked = Paginator(queries.overrides_seen(user), PAGE).get_page(request.GET.get("asked"))
    declared = Paginator(queries.declarations_seen(user), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "posts": user.posts.lasting(now).select_related("unit") if of_board else (),
        "page_obj": declared,
        "asked": asked,
        "lifts": may(user, Action.DECIDE),
    }
    status = 422 if form and form.is_bound else 200
    return render(request, "reviews/conflicts/conflicts.html", context, status=status)


@require_http_methods(["GET", "POST"])
def lift(request, pk: int):
    """End a declaration, with a reason."""
    found = get_object_or_404(queries.declarations_seen(request.user), pk=pk)
    if not may(request.user, Action.DECIDE) or found.person_id == request.user.pk:
        raise PermissionDenied
    form = LiftForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.lift(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã gỡ khai báo."))
            return redirect("reviews:conflicts")
    lead = _("%(person)s: %(reason)s") % {"person": found.person, "reason": found.reason}
    return _form(request, form, None, _("Gỡ khai báo xung đột lợi ích"), _("Gỡ khai báo"), lead)


@require_http_methods(["GET", "POST"])
def answer(request, pk: int):
    """The second person's word on an override."""
    user = request.user
    if user.post is None or user.post.role not in ANSWERS:
        raise Http404
    asked = get_object_or_404(queries.overrides_seen(user), pk=pk)
    if not may_answer(user, asked):
        raise PermissionDenied
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.answer_override(asked.pk, **form.cleaned_data, by=user, at=timezone.now())
        except ValidationError as refused:
            form.refuse(ValidationError(refused.messages))
        else:
            messages.success(request, _("Đã trả lời đề nghị."))
            return redirect("reviews:conflicts")
    told = {"who": asked.requested_by, "person": asked.person, "number": asked.dossier_id, "unit": asked.dossier.unit}
    lead = _("%(who)s đề nghị cho %(person)s thẩm định hồ sơ số %(number)d của %(unit)s.") % told
    return _form(request, form, None, _("Trả lời đề nghị"), _("Gửi trả lời"), f"{lead} “{asked.reason}”")
