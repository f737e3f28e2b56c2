from copy import copy

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from journal.models import Notice
from models_registry.models import RegistrationRound
from organizations.permissions import Action, may
from organizations.seats import Sight
from portal import appearance
from portal.backups.queries import sees_backups, standings
from portal.gallery import samples
from portal.navigation import places_for
from portal.work_queue import work_queue

# How many rounds, and how many notices, the home page shows.
SHOWN = 5
OF_ROUND = ("name", "opens_on", "closes_on", "late_until", "opened_at", "theme__title", "body__name")
OF_NOTICE = ("text", "translated", "read_at", "event__at", "event__actor__full_name", "event__actor__username")


@Sight
def _rounds(user, today):
    found = RegistrationRound.objects.visible_to(user).receiving(today).select_related("theme", "body")
    return found.only(*OF_ROUND)[:SHOWN]


@Sight
def _notices(user):
    return Notice.objects.visible_to(user).told().with_actors().only(*OF_NOTICE)[:SHOWN]


@require_safe
def home(request):
    """Show what awaits the person in the post acted in, the rounds that take dossiers, and the latest notices."""
    user, at = request.user, timezone.now()
    groups = work_queue(user, at)
    context = {
        "groups": groups,
        "count": sum(group.count for group in groups),
        "rounds": [] if may(user, Action.READ_LEFT) else _rounds(user, localdate(at)),
        "notices": _notices(user),
        "backups": standings(at) if sees_backups(user) else (),
        "other_posts": [{"post": post} for post in request.posts if post != user.post],
        "places": places_for(user, request.path)[1:],
        "today": localdate(at),
    }
    return render(request, "portal/home.html", context)


@require_safe
def other_posts(request):
    """Say how much awaits the person in each of the other own posts: a part of the home page, asked for after it.

    Costs a work queue's queries for each other post.
    """
    user, at = request.user, timezone.now()
    others = [post for post in request.posts if post.pk != user.post.pk]
    queues = [work_queue(copy(user).acting_as(post), at) for post in others]
    rows = [
        {"post": post, "count": sum(one.count for one in queue)} for post, queue in zip(others, queues, strict=True)
    ]
    return render(request, "portal/_other_posts.html", {"rows": rows, "counted": True})


@require_safe
def components(request):
    """Show every component in every variant; no query of its own."""
    return render(request, "portal/components.html", samples(request))


@login_not_required
@require_POST
def choose_appearance(request):
    """Keep the chosen theme or text size in a cookie and go back to the page one came from."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = resolve_url("home")
    return appearance.keep(HttpResponseRedirect(back), request)


@login_not_required
@require_safe
def robots(request):
    """Ask search engines to leave the portal alone: behind its first page everything is somebody's."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
