"""Sessions of the board: the list, one with its agenda, what was concluded, and its minutes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.lists import Listing, listed
from journal.sending import once
from models_registry.models import Dossier
from organizations.permissions import Action
from reviews.documents.asking import Kind, Subject
from reviews.forms.sessions import PointFilter, PointForm, SessionForm
from reviews.models import IssuedPaper, Session, SessionPoint
from reviews.queries.sessions import agenda_of, may_come, sessions_of
from reviews.services import sessions as services
from reviews.views.papers import ASKING, PAGE, asked, require
from vietnamese.display import instant_text


def _sessions_file(request) -> Listing:
    require(request, Action.APPRAISE)
    return Listing(
        title=_("Phiên họp"),
        heads=[_("Phiên họp"), _("Ngày họp"), _("Địa điểm"), _("Chủ trì"), _("Số hồ sơ")],
        rows=sessions_of(request.user),
        line=lambda one: [one.title, one.held_on, one.place, one.chair, one.discussed],
    )


@listed(_sessions_file)
@require_safe
def sessions(request):
    """The board's sessions, newest first."""
    require(request, Action.APPRAISE)
    page = Paginator(sessions_of(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "reviews/sessions/list.html", {"page_obj": page})


@ASKING
def new(request):
    """Enter a session held or about to be held."""
    require(request, Action.APPRAISE)
    return _facts(request, Session(held_on=timezone.localdate()))


@require_safe
def session(request, pk):
    """One session: its facts, its agenda with what was concluded, its minutes as issued."""
    found = _session_or_404(request, pk)
    issued = list(found.papers.select_related("replaced_by").order_by("-edition"))
    context = {
        "session": found,
        "points": agenda_of(found, request.user),
        "papers": issued,
        "moved_on": bool(issued) and found.changed_at > issued[0].issued_at,
    }
    return render(request, "reviews/sessions/session.html", context)


@ASKING
def edit(request, pk):
    return _facts(request, _session_or_404(request, pk))


@ASKING
def add(request, pk):
    """Choose dossiers for the agenda."""
    found = _session_or_404(request, pk)
    if request.method == "POST":
        wanted = [int(one) for one in request.POST.getlist("dossier") if one.isdecimal() and len(one) < 18]
        with once(request, reverse("reviews:session", args=[pk])) as sending:
            came = services.add_points(pk, wanted, by=request.user, at=timezone.now())
        messages.success(request, _("Đã đưa %(n)d hồ sơ vào phiên họp.") % {"n": came})
        return redirect(sending.leads_to)
    form = PointFilter(request.GET)
    form.is_valid()
    dossiers = may_come(found, request.user, **{k: v for k, v in form.cleaned_data.items() if v})
    page = Paginator(dossiers, PAGE).get_page(request.GET.get("page"))
    return render(request, "reviews/sessions/add.html", {"session": found, "form": form, "page_obj": page})


@ASKING
def point(request, pk):
    """Write what was discussed and concluded of one dossier."""
    found = _point_or_404(request, pk)
    form = PointForm(request.POST if request.method == "POST" else None, instance=found, initial=_edition(found))
    context = {"form": form, "point": found, "session": found.session}
    if request.method == "POST" and form.is_valid():
        try:
            services.note_point(pk, **form.cleaned_data, by=request.user, at=timezone.now())
        except services.SessionChanged as changed:
            return _changed(request, "reviews/sessions/point.html", context, changed, _point_or_404(request, pk))
        messages.success(request, _("Đã lưu."))
        return redirect(reverse("reviews:session", args=[found.session_id]) + f"#point-{pk}")
    return render(request, "reviews/sessions/point.html", context, status=422 if form.errors else 200)


@require_POST
def remove_point(request, pk):
    found = _point_or_404(request, pk)
    services.remove_point(pk, by=request.user, at=timezone.now())
    messages.success(request, _("Đã bỏ hồ sơ khỏi phiên họp."))
    return redirect("reviews:session", found.session_id)


@ASKING
def minutes(request, pk):
    """The minutes: as a draft, or issued."""
    found = get_object_or_404(Session.objects.open_to(request.user), pk=pk)
    require(request, Action.APPRAISE)
    current = IssuedPaper.objects.in_force().filter(session=found).first()
    subject = Subject(Kind.MINUTES, request.user.post.unit, session=found, replaces=current)
    chair = {"post": "CHỦ TRÌ", "signer": found.chair.partition(",")[0].strip()[:120]}
    context = {"title": _("Biên bản"), "lead": found.title, "back": reverse("reviews:session", args=[pk])}
    return asked(request, subject, context, usual=chair)


def _facts(request, row: Session):
    """Show or save a session's facts; a stale page keeps what was typed."""
    form = SessionForm(request.POST if request.method == "POST" else None, instance=row, initial=_edition(row))
    context = {"form": form, "session": row}
    if request.method == "POST" and form.is_valid():
        made, edition = form.save(commit=False), form.cleaned_data["edition"]
        try:
            with once(request) as sending:
                services.keep_session(made, edition=edition, by=request.user, at=timezone.now())
                sending.leads_to = reverse("reviews:session", args=[made.pk])
        except services.SessionChanged as changed:
            return _changed(request, "reviews/sessions/form.html", context, changed, _session_or_404(request, row.pk))
        return redirect(sending.leads_to)
    return render(request, "reviews/sessions/form.html", context, status=422 if form.errors else 200)


def _changed(request, template: str, context: dict, changed: services.SessionChanged, newest):
    """Answer 409: who saved meanwhile, both texts side by side, and what was typed ready to be saved all the same."""
    last = changed.last
    text = _("Nội dung này vừa được lưu ở nơi khác.")
    if last is not None:
        text = _("%(who)s đã lưu nội dung này lúc %(when)s.") % {"who": last.who, "when": instant_text(last.at)}
    form = context["form"]
    pairs = [
        {"label": form.fields[name].label, "mine": form.cleaned_data[name], "theirs": getattr(newest, name)}
        for name in form.fields
        if name != "edition" and form.cleaned_data.get(name) != getattr(newest, name)
    ]
    form.data = form.data.copy()
    form.data["edition"] = newest.edition
    return render(request, template, context | {"stale_text": text, "pairs": pairs}, status=409)


def _edition(row) -> dict:
    return {"edition": row.edition}


def _session_or_404(request, pk) -> Session:
    found = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    require(request, Action.APPRAISE)
    return found


def _point_or_404(request, pk) -> SessionPoint:
    seen = SessionPoint.objects.filter(session__in=Session.objects.visible_to(request.user))
    seen = seen.filter(version__dossier__in=Dossier.objects.visible_to(request.user))
    found = seen.select_related("session", "version__dossier__unit").defer("version__content").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
