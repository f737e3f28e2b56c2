"""What Django and django-csp leave to us: some headers, and an answer to a form larger than may be sent."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed, UnreadablePostError
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware

from models_registry.kept_files import SEALED
from portal.error_pages import too_large

# A register of works needs none of what a browser can do beyond showing pages.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "browsing-topics",
    )
)


class SecurityHeadersMiddleware(SecurityMiddleware):
    """Add the headers every answer carries, and a policy that runs nothing to whatever is handed out as a file.

    Django's own adds nothing to what it answers itself: a page led to https, a host that is not ours. So this one
    stands before it, and it only leads to https.
    """

    def process_request(self, request):
        return None

    def process_response(self, request, response):
        response = super().process_response(request, response)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            for name, value in SEALED.items():
                response.headers.setdefault(name, value)
        return response


class CompressedPagesMiddleware(GZipMiddleware):
    """Compress pages, a fifth of their size on a weak network; files are handed out as they are.

    Django adds a random length to each against guessing by size, and the token of a form is masked anew every time.
    """

    def process_response(self, request, response):
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response


class TooLargeFormMiddleware:
    """Answer a form of more than DATA_UPLOAD_MAX_MEMORY_SIZE with its own page again, as it was last saved (422).

    So also, before a byte of it is kept, what says itself that it is longer than anything the portal takes: from
    somebody signed in UPLOAD_MOST_BYTES, from anybody else a form without files, or what the view takes
    (`journal.uploads.takes_at_most`). What was sent is not read, so it goes on as a GET; `request.is_too_large` lets
    the page say so. Where the address shows nothing by itself, a page of ours leads back. Stands before whatever reads
    the form (the CSRF check).
    """

    # What the browser is still sending is taken in, or it would see a broken connection in place of the answer.
    MOST_DRAINED = 32 * 1024 * 1024

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.is_too_large = False
        response = self.get_response(request)
        if request.is_too_large and isinstance(response, HttpResponseNotAllowed):
            return too_large(request)
        if request.is_too_large and response.status_code == 200:
            response.status_code = 422
        return response

    def process_view(self, request, view, args, kwargs):
        try:
            request.is_too_large = self._is_too_large(request, view)
        except UnreadablePostError:
            # Whoever sent it has gone.
            return HttpResponseBadRequest()
        if request.is_too_large:
            request.method = "GET"
            if "HX-Request" in request.headers:
                # A part of a page: what was typed around it is still there, and nothing takes its place.
                return HttpResponse(status=413)
        return None

    def _is_too_large(self, request, view) -> bool:
        """Read the form; where it is too large, take in and forget what is still being sent."""
        try:
            if _declared(request) <= _most_taken(request, view):
                _ = request.POST  # reading it is what raises
                return False
        except RequestDataTooBig:
            pass
        left = self.MOST_DRAINED
        while left > 0 and (piece := request.read(64 * 1024)):
            left -= len(piece)
        return True


def _declared(request) -> int:
    """Return how many bytes follow; without a length nothing is ever read."""
    length = request.META.get("CONTENT_LENGTH", "")
    return int(length) if str(length).isdecimal() else 0


def _most_taken(request, view) -> int:
    of_view, user = getattr(view, "takes_at_most", None), getattr(request, "user", None)
    if of_view is not None or _declared(request) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return of_view or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return settings.UPLOAD_MOST_BYTES if user and user.is_authenticated else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
