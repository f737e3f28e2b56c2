from django.utils.functional import SimpleLazyObject

from journal.models import Notice


def unread_notices(request):
    """Add `unread_notices`, how many notices wait for the signed-in person; asked only where a page shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_notices": SimpleLazyObject(lambda: Notice.objects.visible_to(user).unread().count())}
