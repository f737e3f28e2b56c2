"""Notes who looks at pages that show personal data."""

from django.utils import timezone

from models_registry.names_shown import noting_names
from privacy.looks import PAGES, TAKEN_VIEWS, note

FILE, FORM = "file", "xlsx"


class LooksMiddleware:
    """Note an answered look at one of `looks.PAGES`, or at whatever named an individual, or it taken away; no query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with noting_names() as units:
            response = self.get_response(request)
        match = request.resolver_match
        if match is None or not (units or match.view_name in PAGES) or not request.user.is_authenticated:
            return response
        answered = response.status_code < 400
        taken = answered and request.method == "POST" and request.POST.get(FILE) == FORM
        if taken or (request.method == "GET" and response.status_code == 200):
            taken = taken or match.view_name in TAKEN_VIEWS
            about = {"pk": match.kwargs.get("pk"), "units": sorted(units)}
            note(match.view_name, viewer=request.user, **about, taken=taken, at=timezone.now())
        return response
