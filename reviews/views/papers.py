"""The board's papers: asking for one as a draft, issuing it, and having it again as it was issued."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journal.jobs import start_job
from journal.lists import Listing, listed
from journal.sending import once
from models_registry.documents import word
from models_registry.kept_files import SEALED
from models_registry.models import Dossier, RegistrationRound
from organizations.permissions import Action, may
from reviews.check_codes import new_code
from reviews.documents.asking import Kind, Subject, decisions_in_sight, masthead, version_in_sight
from reviews.forms.papers import DecisionFilter, DecisionIssueForm, IssueForm, PaperFilter
from reviews.models import IssuedPaper
from reviews.queries.checked import verifying_at
from reviews.queries.papers import may_have_a_sheet, usual_number, usual_signing
from reviews.services.issuing import NEEDED
from reviews.views.answers import find
from vietnamese.folding import slug

PAGE = 50
MOST_DECISIONS = 2000
FORMS = {"docx": ("word", word.CONTENT_TYPE), "pdf": ("pdf", "application/pdf")}
ASKING = require_http_methods(["GET", "HEAD", "POST"])


def _papers_file(request) -> Listing:
    require(request, Action.APPRAISE)
    form = PaperFilter(request.GET)
    form.is_valid()
    return Listing(
        title=_("Văn bản đã phát hành"),
        heads=[_("Số, ký hiệu"), _("Loại văn bản"), _("Ngày"), _("Về việc"), _("Bản"), _("Thay bằng"), _("Mã")],
        rows=papers_found(request.user, form.cleaned_data),
        line=lambda one: [
            one.symbol,
            one.get_kind_display(),
            one.day,
            one.title,
            one.edition,
            one.replaced_by.symbol if one.is_replaced else "",
            one.shown_code,
        ],
    )


@listed(_papers_file)
@require_safe
def papers(request):
    """What the board has issued, newest first."""
    require(request, Action.APPRAISE)
    form = PaperFilter(request.GET)
    form.is_valid()
    found = papers_found(request.user, form.cleaned_data)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "reviews/papers/list.html", {"form": form, "page_obj": page})


def papers_found(user, wanted: dict):
    found = IssuedPaper.objects.visible_to(user).select_related("replaced_by")
    return found.filter(**{name: wanted[name] for name in ("kind", "year", "number") if wanted.get(name)})


@require_safe
def paper(request, pk):
    """One issued paper: what it is known by, its files, what it replaced and was replaced by."""
    found = paper_or_404(request, pk)
    context = {"paper": found, "again": _again(found), "may_issue": may(request.user, NEEDED[found.kind])}
    return render(request, "reviews/papers/paper.html", context)


@require_safe
def paper_file(request, pk, form):
    """Hand out the very bytes that were issued: to the board, and a decision to whom it concerns."""
    found = get_object_or_404(IssuedPaper.objects.handed_to(request.user), pk=pk)
    field, content_type = FORMS[form]
    kept = getattr(found, field)
    if not kept:
        raise Http404
    answer = FileResponse(
        kept.open("rb"), as_attachment=True, filename=f"{slug(str(found))}.{form}", content_type=content_type
    )
    for name, value in SEALED.items():
        answer[name] = value
    answer["Cache-Control"] = "private, no-store"
    return answer


@ASKING
def appraisal_paper(request, pk, number):
    """The appraisal sheet of one version: as a draft (`?draft=docx`), or issued."""
    dossier = find(request, pk)
    version = get_object_or_404(version_in_sight(request.user), dossier=dossier, number=number)
    back = reverse("reviews:history", args=[pk])
    if not may_have_a_sheet(version):
        return render(request, "reviews/papers/too_early.html", {"dossier": dossier, "back": back})
    current = IssuedPaper.objects.in_force().filter(version=version).first()
    subject = Subject(Kind.APPRAISAL, request.user.post.unit, version=version, replaces=current)
    title = _("Phiếu thẩm định, bản %(n)d") % {"n": number}
    return asked(request, subject, {"title": title, "lead": dossier.title, "back": back})


@ASKING
def decision_paper(request):
    """One decision for all announced decisions the filter finds, or those chosen on this page of them."""
    require(request, Action.DECIDE)
    rounds = RegistrationRound.objects.filter(body=request.user.post.unit_id)
    form = DecisionFilter(request.GET, rounds=rounds)
    form.is_valid()
    found = _undecided(request.user, form.cleaned_data)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    chosen = request.POST if request.method == "POST" else request.GET
    decisions = found
    if chosen.get("which") == "chosen":
        wanted = {int(one) for one in chosen.getlist("decision") if one.isdecimal() and len(one) < 18}
        decisions = found.filter(pk__in=wanted)
    subject = Subject(Kind.DECISION, request.user.post.unit, decisions=tuple(decisions[:MOST_DECISIONS]))
    context = {"title": _("Quyết định"), "back": reverse("reviews:papers"), "filter": form, "page_obj": page}
    context |= {"which": chosen.get("which"), "chosen": chosen.getlist("decision")}
    return asked(request, subject, context, "reviews/papers/decision.html")


def _undecided(user, wanted: dict):
    """Return the decisions of the board that stand on no paper yet, as the filter narrows them."""
    found = decisions_in_sight(user).exclude(papers__in=IssuedPaper.objects.in_force())
    narrowed = {
        "version__dossier__round": wanted.get("round"),
        "outcome": wanted.get("outcome"),
        "announced_at__date__gte": wanted.get("since"),
        "announced_at__date__lte": wanted.get("until"),
    }
    return found.filter(**{path: value for path, value in narrowed.items() if value})


@ASKING
def reissue(request, pk):
    """Issue a decision again for the same dossiers, under a new number."""
    replaced = paper_or_404(request, pk)
    require(request, Action.DECIDE)
    if replaced.kind != Kind.DECISION or replaced.is_replaced:
        raise Http404
    # Nobody issues the list again without what a conflict of interest hides from them.
    if replaced.decisions.exclude(version__dossier__in=Dossier.objects.visible_to(request.user).values("pk")).exists():
        raise PermissionDenied
    decisions = tuple(decisions_in_sight(request.user).filter(papers=replaced))
    subject = Subject(Kind.DECISION, request.user.post.unit, decisions=decisions, replaces=replaced)
    title = _("Phát hành lại quyết định")
    return asked(request, subject, {"title": title, "back": reverse("reviews:paper", args=[pk])})


def asked(request, subject: Subject, context: dict, template: str = "reviews/papers/issue.html", *, usual=None):
    """Show the form around a paper, hand out its draft, or start issuing it; `usual` is who signs without a head."""
    now = timezone.now()
    usual = usual or usual_signing(subject.body, now, localdate(now))
    if "draft" in request.GET and request.method != "POST":
        return _draft(request, subject, usual, now)
    made = DecisionIssueForm if subject.kind == Kind.DECISION else IssueForm
    initial = usual | {"day": localdate(now), "grounds": _grounds(subject)}
    if request.method != "POST":
        initial |= usual_number(subject.body, subject.kind, localdate(now).year)
    posted = request.POST if request.method == "POST" else None
    form = made(posted, initial=initial, body=subject.body, kind=subject.kind, today=localdate(now))
    if posted is not None and form.is_valid() and not _has_nothing(subject, form):
        return _start(request, subject, form.cleaned_data, now)
    context |= {"subject": subject, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _has_nothing(subject: Subject, form) -> bool:
    if subject.kind == Kind.DECISION and not subject.decisions:
        form.add_error(None, _("Hãy chọn ít nhất một hồ sơ."))
    return bool(form.errors)


def _grounds(subject: Subject) -> str:
    return "\n".join(
        (
            "Căn cứ Quy chế làm việc của cơ quan",
            f"Căn cứ kết quả thẩm định hồ sơ đăng ký của các đơn vị tại {subject.body.name}",
        )
    )


def _draft(request, subject: Subject, usual: dict, now):
    if subject.kind == Kind.DECISION:
        if not subject.decisions:
            raise Http404
        subject = Subject(subject.kind, subject.body, decisions=subject.decisions, grounds=_grounds(subject))
    paper = subject.compose(masthead(subject.body, localdate(now), **usual), request.user)
    answer = HttpResponse(word.draw(paper, at=now), content_type=word.CONTENT_TYPE, headers=SEALED)
    name = f"{slug(paper.title)[:60].strip('-')}-du-thao.docx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _start(request, subject: Subject, typed: dict, now):
    said = {name: typed[name] for name in ("number", "unit_symbol", "place", "post", "signer")}
    ids = subject.ids | {"grounds": typed.get("grounds", "")}
    with once(request) as sending:
        job = start_job(
            "reviews.tasks.issue_paper",
            title=_("Phát hành văn bản: %(kind)s số %(number)d")
            % {"kind": Kind(subject.kind).label, "number": typed["number"]},
            arguments={
                "subject": ids,
                "said": said | {"day": typed["day"].isoformat()},
                "code": new_code(),
                "site": verifying_at(request.build_absolute_uri("/")),
                "post": request.user.post.pk,
                "language": request.LANGUAGE_CODE,
            },
            owner=request.user,
            at=now,
        )
        sending.leads_to = reverse("journal:job", args=[job.pk])
    return redirect(sending.leads_to)


def paper_or_404(request, pk) -> IssuedPaper:
    seen = IssuedPaper.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("replaces", "replaced_by", "version__dossier", "session"), pk=pk)


def require(request, action: Action) -> None:
    if not may(request.user, action):
        raise PermissionDenied


def _again(found: IssuedPaper) -> str:
    """Return where the same paper is issued again, under a new number."""
    if found.version is not None:
        return reverse("reviews:appraisal_paper", args=[found.version.dossier_id, found.version.number])
    if found.session is not None:
        return reverse("reviews:minutes", args=[found.session.pk])
    return reverse("reviews:reissue", args=[found.pk])
