from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journal import services, typed
from journal.acting import act_in
from journal.jobs import with_progress
from journal.lists import Listing, listed
from journal.models import Digest, Job, Notice, Told, TypedText
from journal.queries import groups_of

PER_PAGE = 50


def _told(request):
    """Return the notices of one, all or of the kind the address names."""
    found = Notice.objects.visible_to(request.user).told().with_actors().select_related("post__unit")
    return found.filter(kind=kind) if (kind := _kind(request)) else found


def _kind(request) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in Told.values else ""


def _notices_file(request) -> Listing:
    return Listing(
        title=_("Thông báo"),
        heads=[_("Nội dung"), _("Lúc"), _("Ai làm"), _("Gửi tới vai trò"), _("Tại"), _("Đọc lúc")],
        rows=_told(request),
        line=lambda one: [
            one.words,
            one.event.at,
            one.who,
            str(one.post or ""),
            str(one.post.unit or _("Toàn cổng")) if one.post else "",
            one.read_at,
        ],
    )


@listed(_notices_file)
@require_GET
def notices(request):
    """List what the person was told, newest first."""
    page = Paginator(_told(request), PER_PAGE).get_page(request.GET.get("page"))
    kinds = [{"value": kind.value, "label": kind.label, "selected": kind == _kind(request)} for kind in Told]
    return render(request, "journal/notices.html", {"page_obj": page, "kinds": kinds, "kind": _kind(request)})


@require_POST
def open_notice(request, pk):
    """Mark one notice read and go where it leads, in the post it was told to."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user).told(), pk=pk)
    services.read_notice(notice, at=timezone.now())
    act_in(request, notice.post_id)
    if url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None):
        return redirect(notice.link)
    return redirect("journal:notices")


@require_POST
def read_all(request):
    services.read_all_notices(by=request.user, at=timezone.now())
    return redirect("journal:notices")


@require_http_methods(["GET", "HEAD", "POST"])
def typed_text(request):
    """Keep, give back or (sent empty) drop what the person is typing in one form; asked by a script."""
    key = (request.POST.get("key", "") or request.GET.get("key", "")).replace("\0", "")
    if request.method != "POST":
        found = TypedText.objects.visible_to(request.user).filter(key=key).first()
        return JsonResponse(found.copy) if found else HttpResponse(status=204)
    at = timezone.now()
    if not request.POST.get("copy"):
        typed.drop(key, by=request.user)
        return HttpResponse(status=204)
    try:
        typed.keep(key, request.POST["copy"], by=request.user, at=at)
    except ValidationError:
        return HttpResponse(status=422)
    return JsonResponse({"at": f"{timezone.localtime(at):%H:%M}"})


@require_GET
def digest(request, pk):
    """Show what one day's digest reminded of, each line leading to its place."""
    shown = get_object_or_404(Digest.objects.visible_to(request.user), pk=pk)
    return render(request, "journal/digest.html", {"digest": shown, "groups": groups_of(shown, request.posts)})


@require_GET
def job(request, pk):
    """Show how far a job is: the whole page, or for htmx only the part that changes."""
    shown = with_progress(get_object_or_404(Job.objects.visible_to(request.user), pk=pk))
    return render(request, "journal/_job.html" if request.htmx else "journal/job.html", {"job": shown})


@require_GET
def job_file(request, pk):
    """Hand out what a job made; what was asked for in a post, only as long as that post lasts."""
    done = get_object_or_404(Job.objects.visible_to(request.user).exclude(file=""), pk=pk)
    asked_from = done.arguments.get("post")
    if asked_from is not None and all(post.pk != asked_from for post in request.posts):
        raise Http404
    try:
        content = done.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=done.result.get("filename", ""))
