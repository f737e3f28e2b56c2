"""Giving dossiers out: by hand, by rule, evenly; a rehearsal first. Who is away, and the rules."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.jobs import start_job
from journal.sending import once
from organizations.permissions import Action, may
from reviews import services
from reviews.forms.assigning import SHORT, UNFIT, WAITING, AbsenceForm, PlanForm, RuleForm
from reviews.models import Absence, AssignmentRule
from reviews.queries import assigning as queries
from reviews.queries.planning import MOST, plan
from reviews.views.answers import find, told_when_late

PAIR = re.compile(r"\d{1,17}:\d{1,17}(:\d{1,17}(-\d{1,17})?)*", re.ASCII)


@require_http_methods(["GET", "POST"])
def assigning(request):
    """Who holds how many, and the rehearsal of what the address asks for; a POST does what was rehearsed, as a job."""
    _require(request.user, Action.DECIDE)
    now = timezone.now()
    seats = queries.seats_of(request.user.post.unit_id, now)
    asked = request.GET if "method" in request.GET else None
    form = PlanForm(asked, user=request.user, seats=seats)
    context = {"form": form, "seats": seats, "most": MOST}
    if form.is_bound and form.is_valid():
        if request.method == "POST":
            return _run(request, form, now)
        given = form.cleaned_data
        dossiers, total, leaving = _chosen(request.user, given, seats)
        how = {name: given[name] for name in ("method", "to", "cap")}
        made = plan(dossiers, seats, **how, lead=given["source"] != SHORT, leaving=leaving)
        context |= {"plan": made, "total": total, "planned": len(dossiers)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reviews/assigning/assigning.html", context, status=status)


def _chosen(user, given: dict, seats):
    """Return at most MOST of the dossiers asked for, how many there are, and who is to give seats up there."""
    leaving = None
    if given["source"] == WAITING:
        found = queries.waiting(user)
    elif given["source"] == SHORT:
        found = queries.short(user)
    else:
        unfit = given["source"] == UNFIT
        leaving = queries.unfit_seats(user, seats) if unfit else queries.seats_held_by(user, int(given["source"]))
        found = queries.in_hands(user, leaving)
    narrowed = {name: given[name] for name in ("round", "kind") if given[name]}
    found = found.filter(**narrowed)
    rows = list(found[: MOST + 1])
    return rows[:MOST], len(rows) if len(rows) <= MOST else found.count(), leaving


def _run(request, form: PlanForm, now):
    """Start the job that gives out what the rehearsal showed, each through the same service as by hand.

    Each is sent as `Plan.pairs` writes it.
    """
    pairs = [
        [[int(pk) for pk in seat.split("-")] for seat in pair.split(":")]
        for pair in request.POST.getlist("pair")[:MOST]
        if PAIR.fullmatch(pair)
    ]
    if not pairs:
        return redirect(f"{reverse('reviews:assigning')}?{form.address()}")
    with once(request) as sending:
        job = start_job(
            "reviews.tasks.assign_planned",
            title=_("Giao %(count)d hồ sơ thẩm định") % {"count": len(pairs)},
            arguments={"post": request.user.post.pk, "pairs": pairs},
            owner=request.user,
            at=now,
        )
        sending.leads_to = reverse("journal:job", args=[job.pk])
    return redirect(sending.leads_to)


@require_POST
@told_when_late
def assign(request, pk: int):
    """Give one dossier, or (`beside`) a free seat at it, to one of the board's people."""
    dossier = find(request, pk, Action.DECIDE)
    to = request.POST.get("to", "")
    edition = request.POST.get("edition", "")
    try:
        give = services.add_scorer if request.POST.get("beside") else services.assign
        give(
            dossier.pk,
            int(to) if to.isdecimal() and len(to) < 18 else 0,
            by=request.user,
            at=timezone.now(),
            edition=int(edition) if edition.isdecimal() and len(edition) < 9 else None,
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Đã giao hồ sơ."))
    return redirect("reviews:who", pk)


@require_http_methods(["GET", "POST"])
def rules(request):
    """The board's rules in their order, and a form for one more."""
    _require(request.user, Action.DECIDE)
    people = [seat.person for seat in queries.seats_of(request.user.post.unit_id, timezone.now()) if seat.current]
    form = RuleForm(request.POST if request.method == "POST" else None, user=request.user, people=people)
    if form.is_bound and form.is_valid():
        services.add_rule(**form.rule(people), by=request.user, at=timezone.now())
        messages.success(request, _("Đã thêm quy tắc."))
        return redirect("reviews:rules")
    found = AssignmentRule.objects.visible_to(request.user).select_related("theme", "unit", "appraiser")
    status = 422 if form.is_bound else 200
    return render(request, "reviews/assigning/rules.html", {"form": form, "rules": found}, status=status)


@require_POST
def drop_rule(request, pk: int):
    """Drop one rule."""
    rule = get_object_or_404(AssignmentRule.objects.visible_to(request.user), pk=pk)
    services.drop_rule(rule, by=request.user, at=timezone.now())
    messages.success(request, _("Đã bỏ quy tắc."))
    return redirect("reviews:rules")


@require_http_methods(["GET", "POST"])
def absences(request):
    """Who of the board is or will be away, and a form; an appraiser writes only the own."""
    user, now = request.user, timezone.now()
    _require(user, Action.APPRAISE)
    seats = [seat for seat in queries.seats_of(user.post.unit_id, now) if seat.current]
    heads = may(user, Action.DECIDE)
    people = [seat.person for seat in seats if heads or seat.person.pk == user.pk]
    form = AbsenceForm(request.POST if request.method == "POST" else None, people=people, initial={"person": user.pk})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            services.set_absence(given.pop("person"), **given, by=user, at=now)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã ghi lịch vắng mặt."))
            return redirect("reviews:absences")
    found = Absence.objects.visible_to(user).filter(last_day__gte=timezone.localdate(now)).select_related("person")
    holds = {seat.person.pk: seat.holds for seat in seats}
    rows = [
        (one, holds.get(one.person_id, 0), heads or one.person_id == user.pk) for one in found.order_by("first_day")
    ]
    context = {"form": form, "rows": rows, "heads": heads}
    return render(request, "reviews/assigning/absences.html", context, status=422 if form.is_bound else 200)


@require_POST
def drop_absence(request, pk: int):
    """Take an absence back."""
    absence = get_object_or_404(Absence.objects.visible_to(request.user), pk=pk)
    services.drop_absence(absence, by=request.user, at=timezone.now())
    messages.success(request, _("Đã bỏ lịch vắng mặt."))
    return redirect("reviews:absences")


def _require(user, action: Action) -> None:
    if not may(user, action):
        raise PermissionDenied
