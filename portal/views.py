from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from portal import appearance
from portal.gallery import samples


@require_safe
def home(request):
    return render(request, "portal/home.html")


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
