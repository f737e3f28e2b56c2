"""Units that lag: who they are and why, who would be told, and one click that reminds those and only those."""

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.jobs import start_job
from journal.lists import Listing, listed
from journal.sending import once
from organizations.permissions import Action, may
from organizations.queries import unit_choices
from progress.forms.filters import LaggingFilter
from progress.pace import EARLY, FEW
from progress.queries.lagging import IN_PEACE, WHATS, rehearsed
from vietnamese.display import number_text

PER_PAGE = 50
SALT = "progress.lagging"
GOOD_FOR = 12 * 60 * 60  # seconds after which what was shown is looked at anew


def _asked(request, what: str) -> LaggingFilter:
    if not may(request.user, Action.URGE):
        raise PermissionDenied
    return LaggingFilter(request.GET, units=unit_choices(request.user, request.GET.get("unit", "")))


def _lagging_file(request, what: str) -> Listing:
    form = _asked(request, what)
    return Listing(
        title=str(WHATS[what].title),
        heads=[_("Đơn vị"), _("Số việc"), _("Vì sao"), _("Sẽ nhắc"), _("Không nhắc vì")],
        rows=rehearsed(what, request.user, form.values, timezone.now()),
        line=lambda one: [one.name, one.count, one.said, one.told, one.why_not],
    )


@listed(_lagging_file)
@require_http_methods(["GET", "HEAD", "POST"])
def lagging(request, what: str):
    """Show the units that lag and who of each would be told; a POST reminds exactly those that were shown so."""
    form = _asked(request, what)
    if request.method == "POST":
        return _remind(request, what)
    found = rehearsed(what, request.user, form.values, timezone.now())
    ready = [one for one in found if not one.why_not]
    shown = {"units": {one.unit: one.name for one in ready}, "values": form.values, "post": request.user.post.pk}
    context = {
        "what": what,
        "title": WHATS[what].title,
        "tabs": _tabs(what, request.GET.urlencode()),
        "form": form,
        "fields": [field for field in form if len(field.field.choices) > 1],
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "count": len(found),
        "ready": len(ready),
        "shown": signing.dumps(shown, salt=SALT, compress=True) if ready else "",
        "in_peace": IN_PEACE,
        "few": FEW,
        "early": EARLY,
    }
    return render(request, "progress/lagging.html", context)


def _remind(request, what: str):
    """Start reminding those that were shown to this person in this post; 409 where that was too long ago."""
    try:
        shown = signing.loads(request.POST.get("shown", ""), salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        shown = {"post": None}
    back = f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path
    if shown["post"] != request.user.post.pk:
        context = {"title": WHATS[what].title, "back": back}
        return render(request, "progress/lagging_stale.html", context, status=409)
    count = {"count": number_text(len(shown["units"]))}
    with once(request) as sending:
        job = start_job(
            "progress.tasks.remind_lagging_shown",
            title=_("Nhắc %(count)s đơn vị") % count,
            arguments=shown
            | {"what": what, "language": request.LANGUAGE_CODE, "back": back, "back_label": _("Xem ai đã được nhắc")},
            owner=request.user,
            at=timezone.now(),
        )
        sending.leads_to = reverse("journal:job", args=[job.pk])
    return redirect(sending.leads_to)


def _tabs(what: str, asked: str) -> list[dict]:
    pages = ((name, reverse(f"progress:{name}")) for name in WHATS)
    return [
        {"label": WHATS[name].title, "url": f"{url}?{asked}" if asked else url, "current": name == what}
        for name, url in pages
    ]
