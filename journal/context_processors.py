def unread_notices(request):
    """Add `unread_notices`, how many notices wait for the signed-in person, as read with the person; no query."""
    return {"unread_notices": getattr(getattr(request, "user", None), "unread_notices", 0)}
