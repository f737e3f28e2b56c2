"""Notes who looks at pages that show personal data."""

from django.utils import timezone

from privacy.looks import PAGES, TAKEN_VIEWS, note

FILE, FORM = "file", "xlsx"


class LooksMiddleware:
    """Note an answered look at one of `looks.PAGES`, or a list of it taken away; no query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or match.view_name not in PAGES or not request.user.is_authenticated:
            return response
        answered = response.status_code < 400
        taken = answered and request.method == "POST" and request.POST.get(FILE) == FORM
        if taken or (request.method == "GET" and response.status_code == 200):
            pk = match.kwargs.get(PAGES[match.view_name][1])
            taken = taken or match.view_name in TAKEN_VIEWS
            note(match.view_name, viewer=request.user, pk=pk, taken=taken, at=timezone.now())
        return response
