"""An administrator's pages of units: the list, one unit, and what can be done with it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journal.lists import Listing, listed
from journal.models import Event
from organizations import queries, services
from organizations.forms.fields import UnitField
from organizations.forms.units import (
    BodyForm,
    CorrectUnitForm,
    EndBodyForm,
    EndUnitForm,
    MoveUnitForm,
    UnitFilter,
    UnitForm,
)
from organizations.history import lines_of
from organizations.models import Unit
from organizations.permissions import Action, may
from vietnamese.display import instant_text

PAGE = 50
FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])


def require(request, action: Action) -> None:
    if not may(request.user, action):
        raise PermissionDenied


def posted(request):
    """Return what a form is bound to: the POST, even an empty one, and nothing otherwise."""
    return request.POST if request.method == "POST" else None


def is_narrowed(request, form) -> bool:
    """Whether the address holds a filter, so that the page shows it opened."""
    return any(request.GET.get(field) for field in form.fields)


def unit_within(request, pk: int) -> Unit:
    """Return a unit in sight; 404 where it is not, 403 where one does not administer units."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    require(request, Action.MANAGE_UNITS)
    return unit


def _units_asked(request):
    """Return the filter, the day it asks about and the units it finds."""
    require(request, Action.MANAGE_UNITS)
    form = UnitFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    day = wanted.get("day") or timezone.localdate()
    found = queries.units_listed(request.user, day, **{key: wanted.get(key) or "" for key in ("q", "kind", "standing")})
    return form, day, found


def _units_file(request) -> Listing:
    _form, day, found = _units_asked(request)
    return Listing(
        title=_("Đơn vị"),
        heads=[_("Mã đơn vị"), _("Đơn vị"), _("Trực thuộc"), _("Loại đơn vị"), _("Từ ngày"), _("Đến ngày")],
        rows=queries.with_parent_name(found, day),
        line=lambda one: [
            one.code,
            one.name,
            one.parent_name,
            one.get_kind_display(),
            one.valid_from,
            one.valid_to,
        ],
    )


@listed(_units_file)
@require_safe
def units(request):
    """The units within reach, on any day, found by name, code or kind."""
    form, day, found = _units_asked(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    queries.say_what_became(page.object_list, (form.cleaned_data.get("q") or ""))
    parents = queries.parents_on(day, page.object_list)
    rows = [(unit, parents.get(unit.pk)) for unit in page.object_list]
    context = {"form": form, "page_obj": page, "rows": rows, "day": day, "today": timezone.localdate()}
    context["narrowed"] = is_narrowed(request, form)
    return render(request, "organizations/units.html", context)


@require_safe
def suggest_units(request):
    """Up to ten units in sight for what is typed so far, as options of a datalist."""
    if not may(request.user, Action.RECOGNISE) and not may(request.user, Action.ASK_CORRECTION):
        require(request, Action.MANAGE_UNITS)
    typed = next((value for value in request.GET.values() if value.strip()), "")
    form_value = UnitField(required=False).to_python(typed[:100])
    found = Unit.objects.visible_to(request.user).named_like(form_value)[:10] if form_value else []
    return render(request, "organizations/_unit_options.html", {"units": found})


@require_safe
def unit(request, pk: int):
    """One unit: its place and its past, what stands below, who works there, who appraises."""
    found = unit_within(request, pk)
    day, now = timezone.localdate(), timezone.now()
    children = Unit.objects.children_of(found, day).standing_on(day)
    body, links = queries.appraisal_links_about(found, day)
    context = {
        "unit": found,
        "trail": queries.trail_of(found),
        "placements": found.placements.select_related("parent").order_by("-valid_from"),
        "children": Paginator(children, PAGE).get_page(request.GET.get("page")),
        "posts": queries.posts_at(found, now),
        "body": body,
        "links": links,
        "lineage": queries.lineage_of(found),
        "events": lines_of(queries.history_of("unit", found.pk, request.user)),
        "is_own": request.user.post.unit_id == found.pk,
    }
    return render(request, "organizations/unit.html", context)


@FORM_METHODS
def add_unit(request):
    require(request, Action.MANAGE_UNITS)
    parent = Unit.objects.visible_to(request.user).filter(pk=_number(request.GET.get("parent"))).first()
    form = UnitForm(posted(request), user=request.user, initial={"parent": parent})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_unit(**form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã thêm %(unit)s.") % {"unit": made})
            return redirect("organizations:unit", made.pk)
    back = reverse("organizations:unit", args=[parent.pk]) if parent else reverse("organizations:units")
    return form_page(request, form, _("Thêm đơn vị"), _("Thêm đơn vị"), back)


@FORM_METHODS
def correct_unit(request, pk: int):
    found = unit_within(request, pk)
    seen = f"{found.name}|{found.code}|{found.kind}"
    initial = {"name": found.name, "code": found.code, "kind": found.kind, "on": timezone.localdate(), "seen": seen}
    form = CorrectUnitForm(posted(request), unit=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.pop("seen") not in ("", seen):
            form.data["seen"] = seen
            return _changed_meanwhile(request, form, found)
        try:
            services.correct_unit(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(_page_of(found))
    return form_page(request, form, _("Đổi tên, sửa thông tin"), _("Lưu"), _page_of(found), unit=found)


@FORM_METHODS
def move_unit(request, pk: int):
    found = unit_within(request, pk)
    form = MoveUnitForm(posted(request), user=request.user, initial={"on": timezone.localdate()})

    def act(data):
        services.move_unit(found, data.pop("parent"), **data, by=request.user, at=timezone.now())
        return _("Đã ghi việc chuyển %(unit)s.") % {"unit": found}

    return _act_or_ask(request, found, form, _("Chuyển đơn vị"), _("Chuyển"), act)


@FORM_METHODS
def end_unit(request, pk: int):
    found = unit_within(request, pk)
    form = EndUnitForm(posted(request))

    def act(data):
        services.end_unit_alone(found, **data, by=request.user, at=timezone.now())
        return _("Đã ghi việc kết thúc hoạt động của %(unit)s.") % {"unit": found}

    return _act_or_ask(request, found, form, _("Kết thúc hoạt động"), _("Kết thúc hoạt động"), act)


@FORM_METHODS
def give_body(request, pk: int):
    found = unit_within(request, pk)
    form = BodyForm(posted(request), user=request.user, initial={"valid_from": timezone.localdate()})

    def act(data):
        services.let_appraise(data["body"], found, valid_from=data["valid_from"], by=request.user, at=timezone.now())
        return _("Đã giao cơ quan thẩm định.")

    return _act_or_ask(request, found, form, _("Giao cơ quan thẩm định"), _("Giao"), act)


@FORM_METHODS
def end_body(request, pk: int):
    found = unit_within(request, pk)
    form = EndBodyForm(posted(request), initial={"on": timezone.localdate()})

    def act(data):
        services.end_appraisal(found, **data, by=request.user, at=timezone.now())
        return _("Đã kết thúc việc thẩm định riêng; cơ quan của cấp trên gần nhất sẽ thẩm định.")

    return _act_or_ask(request, found, form, _("Thôi cơ quan thẩm định"), _("Kết thúc"), act)


def form_page(request, form, title: str, label: str, back: str, *, status: int = 0, **more):
    """Answer with a page that is one form: 200 when asked for, 422 when what was typed is refused."""
    context = {"form": form, "title": title, "label": label, "back_url": back, **more}
    status = status or (422 if form.is_bound else 200)
    return render(request, "organizations/form_page.html", context, status=status)


def _changed_meanwhile(request, form, found: Unit):
    last = Event.objects.about("unit", found.pk).last()
    text = _("%(who)s đã sửa đơn vị này lúc %(when)s.") % {
        "who": (last and last.who) or _("Hệ thống"),
        "when": instant_text(last and last.at),
    }
    pairs = [{"label": _("Tên đơn vị"), "mine": form.cleaned_data["name"], "theirs": found.name}]
    context = {"unit": found, "conflict_text": text, "pairs": pairs, "reload_url": _page_of(found)}
    title, label = _("Đổi tên, sửa thông tin"), _("Vẫn lưu nội dung của tôi")
    return form_page(request, form, title, label, _page_of(found), status=409, **context)


def _act_or_ask(request, found: Unit, form, title: str, label: str, act):
    if request.method == "POST" and form.is_valid():
        try:
            done = act(dict(form.cleaned_data))
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return redirect(_page_of(found))
    return form_page(request, form, title, label, _page_of(found), unit=found)


def _page_of(found: Unit) -> str:
    return reverse("organizations:unit", args=[found.pk])


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
