"""What every page needs to know: how its reader wants it to look, and when the sign-in ends by itself."""

from django.conf import settings

from portal.appearance import chosen


def appearance(request):
    """Add `appearance`, the reader's theme and text size, read from the cookies so that no page flashes,
    and `idle_minutes`; no query.
    """
    return {"appearance": chosen(request), "idle_minutes": settings.IDLE_MINUTES}
