"""What every page needs to know: how its reader wants it to look, and when the sign-in ends by itself."""

from portal.appearance import chosen


def appearance(request):
    """Add `appearance`, the reader's theme and text size, read from the cookies so that no page flashes,
    and `idle_minutes`, 0 for a sign-in that may be left alone; no query.
    """
    ends = getattr(request, "sign_in_ends", None)
    return {"appearance": chosen(request), "idle_minutes": ends.idle_minutes if ends else 0}
