"""Giving and ending posts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations import services
from organizations.forms.people import EndPostForm, GivePostForm
from organizations.models import Person, Post, Unit
from organizations.permissions import Action
from organizations.views.units import FORM_METHODS, form_page, posted, require


@FORM_METHODS
def give_post(request):
    """Give a role at a unit within reach to somebody who is known already, wherever they work."""
    require(request, Action.MANAGE_PEOPLE)
    user, now = request.user, timezone.now()
    unit = Unit.objects.visible_to(user).filter(code=request.GET.get("unit", "")[:40]).first()
    person = Person.objects.visible_to(user).filter(username=request.GET.get("person", "")[:60]).first()
    initial = {"unit": unit, "person": person.username if person else "", "starts_on": timezone.localdate(now)}
    form = GivePostForm(posted(request), user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            given = services.give_post(form.cleaned_data["person"], **form.post(now), by=user, at=now)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã giao vai trò %(role)s.") % {"role": given})
            return redirect("organizations:person", given.person_id)
    return form_page(request, form, _("Giao vai trò"), _("Giao vai trò"), reverse("organizations:people"))


@FORM_METHODS
def end_post(request, pk: int):
    seen = Post.objects.visible_to(request.user).select_related("unit", "person")
    found = get_object_or_404(seen, pk=pk)
    require(request, Action.MANAGE_PEOPLE)
    if found.pk == request.user.post.pk:
        raise PermissionDenied
    form, now = EndPostForm(posted(request)), timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            services.end_post(found, ends_at=form.ends_at(now), by=request.user, at=now)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã ghi việc kết thúc vai trò."))
            return redirect("organizations:person", found.person_id)
    title = _("Kết thúc vai trò %(role)s của %(person)s") % {"role": found, "person": found.person}
    back = reverse("organizations:person", args=[found.person_id])
    return form_page(request, form, title, _("Kết thúc vai trò"), back, unit=found.unit)
