"""Letting somebody stand in for a secretary, and handing a unit over to the next one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations import queries, services
from organizations.forms.delegation import DelegateForm, HandOverForm, from_day
from organizations.models import Post
from organizations.permissions import Action, may, may_delegate
from organizations.views.people import code_page
from organizations.views.units import FORM_METHODS, form_page, posted, require, unit_within


@require_safe
def delegations(request):
    """What one delegated and what was delegated to oneself; one query."""
    user, now = request.user, timezone.now()
    found = queries.delegations_of(user)
    context = {
        "given": [_shown(post, user, now) for post in found if post.person_id != user.pk],
        "held": [_shown(post, user, now) for post in found if post.person_id == user.pk],
        "may_delegate": may(user, Action.DELEGATE),
    }
    return render(request, "organizations/delegations.html", context)


def _shown(post: Post, user, now) -> dict:
    if post.ends_at <= now:
        state, label = "withdrawn", _("Đã hết")
    elif post.starts_at > now:
        state, label = "draft", _("Chưa bắt đầu")
    else:
        state, label = "approved", _("Đang có hiệu lực")
    ends = post.ends_at > now and may_delegate(user, post.delegated_from)
    return {"post": post, "state": state, "label": label, "revocable": ends}


@FORM_METHODS
def delegate(request, pk: int):
    """Let somebody of the unit stand in for a secretary's post: the own one, or one within an administrator's reach."""
    seen = Post.objects.visible_to(request.user).filter(delegated_from=None).select_related("unit", "person")
    found, now = get_object_or_404(seen, pk=pk), timezone.now()
    if not may_delegate(request.user, found):
        raise PermissionDenied
    people = queries.may_stand_in(found, now)
    form = DelegateForm(posted(request), people=people, initial={"starts_on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.delegate(found, form.cleaned_data["person"], **form.times(now), by=request.user, at=now)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã ủy quyền cho %(person)s.") % {"person": made.person})
            return redirect(_back_of(request, found))
    context = {"form": form, "post": found, "people": people, "back_url": _back_of(request, found)}
    return render(request, "organizations/delegate.html", context, status=422 if form.is_bound else 200)


@require_POST
def revoke(request, pk: int):
    """End a delegation now."""
    seen = Post.objects.visible_to(request.user).filter(delegated_from__isnull=False)
    found = get_object_or_404(seen.select_related("delegated_from__unit", "person"), pk=pk)
    try:
        services.revoke(found, by=request.user, at=timezone.now())
    except ValidationError as over:
        messages.info(request, over.messages[0])
    else:
        messages.success(request, _("Đã thôi ủy quyền cho %(person)s.") % {"person": found.person})
    return redirect(_back_of(request, found))


def _back_of(request, post: Post) -> str:
    if may(request.user, Action.MANAGE_UNITS):
        return reverse("organizations:unit", args=[post.unit_id])
    return reverse("organizations:delegations")


@FORM_METHODS
def hand_over(request, pk: int):
    """Hand a unit over to its next secretary in one step; somebody new gets the one-time code at once."""
    found, now = unit_within(request, pk), timezone.now()
    require(request, Action.MANAGE_PEOPLE)
    form = HandOverForm(posted(request), initial={"starts_on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        try:
            given, code = _handed_over(found, form, request.user, now)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            if code:
                return code_page(request, given.person, code, now)
            messages.success(request, _("Đã bàn giao cho %(person)s.") % {"person": given.person})
            return redirect("organizations:unit", found.pk)
    back = reverse("organizations:unit", args=[found.pk])
    return form_page(request, form, _("Bàn giao bí thư"), _("Bàn giao"), back, unit=found, lead=_lead(found, now))


def _lead(unit, now) -> str:
    held = ", ".join(person.full_name for person in queries.people_at(unit, [Post.Role.SECRETARY], now))
    said = _("Bí thư hiện nay: %(person)s.") % {"person": held or _("chưa có")}
    return (
        said
        + " "
        + _(
            "Bí thư cũ và những người được bí thư cũ ủy quyền thôi vai trò đúng lúc bàn giao. Hồ sơ, bản nháp, báo cáo "
            "là của đơn vị, bí thư mới làm tiếp được ngay."
        )
    )


@transaction.atomic
def _handed_over(unit, form, user, now) -> tuple[Post, str]:
    data = form.cleaned_data
    person = data["person"] or services.add_person(**form.newcomer(), by=user, at=now)
    begins = from_day(data["starts_on"], now)
    given = services.hand_over(unit, person, takes_over_at=begins, title=data["title"], by=user, at=now)
    return given, "" if data["person"] else services.make_reset_code(person, by=user, at=now)
