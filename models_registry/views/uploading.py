"""How a page answers a file that a script sends by itself (static/js/shrink-photos.js), the page staying as it is."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render

HEADER = "X-Upload"


def is_by_script(request) -> bool:
    return request.method == "POST" and HEADER in request.headers


def kept(request, files: list, *, removable: str) -> HttpResponse:
    """Answer with the list of files as it stands now; the header tells it from a page to sign in."""
    context = {"files": files, "removable": removable}
    answer = render(request, "components/file_list.html", context)
    answer[HEADER] = "kept"
    return answer


def refused(reasons: Iterable[str], *, status: int = 422) -> HttpResponse:
    """Answer with why a file is not taken: 422 this file, 409 no file now."""
    return HttpResponse("\n".join(str(one) for one in reasons), status=status, content_type="text/plain; charset=utf-8")
