"""What every form that was sent goes through."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from journal.sending import AlreadySent, led_to


class SentOnceMiddleware:
    """Lead a form sent again to where it led the first time; nothing is done twice."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        return _answer(request, led_to(request))

    def process_exception(self, request, raised):
        return _answer(request, led_to(request) or "home") if isinstance(raised, AlreadySent) else None


def _answer(request, where: str | None):
    if where is None:
        return None
    messages.success(request, _("Cổng đã nhận nội dung này ở lần gửi trước nên không ghi thêm lần nữa."))
    return redirect(where or "home")
