"""An administrator's pages of people: the list, one person, the one-time code."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.lists import Listing, listed
from organizations import queries, services
from organizations.forms.people import NewPersonForm, PeopleFilter, PersonForm
from organizations.history import lines_of
from organizations.models import Person, Post, Unit
from organizations.permissions import Action, may_manage
from organizations.second_factor import has_second_factor
from organizations.services.passwords import LIFETIME
from organizations.views.units import FORM_METHODS, PAGE, form_page, is_narrowed, posted, require


def person_within(request, pk: int) -> Person:
    """Return a person in sight; 404 where not, 403 where one does not administer people."""
    found = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    require(request, Action.MANAGE_PEOPLE)
    return found


def managed(request, pk: int) -> Person:
    """Return a person whose account one may change; 403 where some post of theirs lies out of reach."""
    found = person_within(request, pk)
    if not may_manage(request.user, found, timezone.now()):
        raise PermissionDenied
    return found


def _people_asked(request):
    """Return the filter and the people it finds, each with `present_posts`."""
    require(request, Action.MANAGE_PEOPLE)
    form = PeopleFilter(request.GET, user=request.user)
    form.is_valid()
    wanted, now = form.cleaned_data, timezone.now()
    found = queries.people_listed(
        request.user, now, q=wanted.get("q") or "", unit=wanted.get("unit"), standing=wanted.get("standing") or ""
    )
    posts = Post.objects.visible_to(request.user).current(now).select_related("unit")
    found = found.prefetch_related(Prefetch("posts", posts, to_attr="present_posts"))
    return form, found


def _people_file(request) -> Listing:
    return Listing(
        title=_("Người dùng"),
        heads=[_("Họ và tên"), _("Vai trò"), _("Tên đăng nhập"), _("Số điện thoại"), _("Tài khoản")],
        rows=_people_asked(request)[1],
        line=lambda one: [
            one.full_name,
            "; ".join(_post_text(post) for post in one.present_posts),
            one.username,
            one.phone,
            _("đang dùng") if one.is_active else _("đã ngừng"),
        ],
    )


def _post_text(post: Post) -> str:
    return f"{post.get_role_display()} – {post.unit.name}" if post.unit else post.get_role_display()


@listed(_people_file)
@require_safe
def people(request):
    """The people within reach, by given name, with their present posts."""
    form, found = _people_asked(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "narrowed": is_narrowed(request, form)}
    return render(request, "organizations/people.html", context)


@require_safe
def person(request, pk: int):
    """One person: who, which posts and until when, and what was done to the account."""
    found, now = person_within(request, pk), timezone.now()
    within = Post.objects.visible_to(request.user).filter(person=found)
    posts = list(within.select_related("unit").order_by("-starts_at"))
    context = {
        "person": found,
        "posts": [(post, post.ends_at is not None and post.ends_at <= now) for post in posts],
        "elsewhere": found.posts.current(now).count() - sum(post.is_current(now) for post in posts),
        "may_manage": may_manage(request.user, found, now),
        "has_second_factor": has_second_factor(found),
        "own_post": request.user.post.pk,
        "events": lines_of(queries.history_of("person", found.pk, request.user)),
        "now": now,
    }
    return render(request, "organizations/person.html", context)


@FORM_METHODS
def add_person(request):
    """Add somebody with a first post; the one-time code is one button further."""
    require(request, Action.MANAGE_PEOPLE)
    unit = Unit.objects.visible_to(request.user).filter(code=request.GET.get("unit", "")[:40]).first()
    form = NewPersonForm(posted(request), user=request.user, initial={"unit": unit, "starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = _add(form, request.user, timezone.now())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã thêm %(person)s. Hãy cấp mã dùng một lần để đăng nhập.") % {"person": made})
            return redirect("organizations:person", made.pk)
    return form_page(request, form, _("Thêm người dùng"), _("Thêm"), reverse("organizations:people"))


@transaction.atomic
def _add(form, user, at):
    data = form.cleaned_data
    who = {field: data[field] for field in ("username", "full_name", "phone", "email")}
    made = services.add_person(**who, by=user, at=at)
    services.give_post(made, **form.post(at), by=user, at=at)
    return made


@FORM_METHODS
def edit_person(request, pk: int):
    found = managed(request, pk)
    fields = ("username", "full_name", "phone", "email")
    form = PersonForm(posted(request), initial={field: getattr(found, field) for field in fields})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_person(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("organizations:person", found.pk)
    back = reverse("organizations:person", args=[found.pk])
    return form_page(request, form, _("Sửa thông tin %(person)s") % {"person": found}, _("Lưu"), back)


@require_POST
def shut_out(request, pk: int):
    found = managed(request, pk)
    services.shut_out(found, by=request.user, at=timezone.now())
    messages.success(request, _("Đã ngừng tài khoản của %(person)s.") % {"person": found})
    return redirect("organizations:person", found.pk)


@require_POST
def let_in(request, pk: int):
    found = managed(request, pk)
    services.let_in(found, by=request.user, at=timezone.now())
    messages.success(request, _("Đã mở lại tài khoản của %(person)s.") % {"person": found})
    return redirect("organizations:person", found.pk)


@require_POST
def remove_second_factor(request, pk: int):
    """Take a lost telephone or key off somebody's account; whose role needs one sets up another at the next sign-in."""
    found = managed(request, pk)
    services.remove_second_factor(found, by=request.user, at=timezone.now())
    messages.success(request, _("Đã gỡ xác thực hai lớp của %(person)s và đăng xuất mọi máy.") % {"person": found})
    return redirect("organizations:person", found.pk)


@require_POST
def make_code(request, pk: int):
    """Show a new one-time code this once, on a page made to be printed and handed over."""
    found, now = managed(request, pk), timezone.now()
    return code_page(request, found, services.make_reset_code(found, by=request.user, at=now), now)


def code_page(request, person: Person, code: str, now):
    """Answer with a one-time code made now."""
    context = {
        "person": person,
        "code": code,
        "expires_at": now + LIFETIME,
        "address": request.build_absolute_uri(reverse("account_reset_code")),
    }
    return render(request, "organizations/reset_code.html", context)
