"""What every page needs to know before the first byte: how its reader wants it to look."""

from portal.appearance import chosen


def appearance(request):
    """Add `appearance`, the reader's theme and text size, read from the cookies so that no page flashes; no query."""
    return {"appearance": chosen(request)}
