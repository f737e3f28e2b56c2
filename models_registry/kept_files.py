"""Files on disk: put there with their row, handed out, and deleted with it."""

import logging

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response

from models_registry.models.files import StoredFile
from models_registry.uploads import PHOTOS, Taken, stored_name

logger = logging.getLogger(__name__)
SHOWN = frozenset(kind.content_type for kind in PHOTOS)
# Whatever a browser makes of a file, it runs nothing and reaches nothing of ours.
SEALED = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


def put_away(row: StoredFile, taken: Taken) -> None:
    """Put an upload on disk and what is known of it on the row, which the caller saves."""
    for name, value in taken.said_of_it.items():
        setattr(row, name, value)
    name = stored_name(taken.kind)
    row.file.save(name, taken.content, save=False)
    if taken.thumbnail:
        row.thumbnail.save(f"{name}.small.jpg", ContentFile(taken.thumbnail), save=False)


def take_off_disk(row: StoredFile) -> None:
    """Delete a row's files; they are not asked for again."""
    for kept in (row.file, row.thumbnail):
        if kept:
            kept.storage.delete(kept.name)


def take_off_disk_later(row: StoredFile) -> None:
    """Delete a row's files once the transaction that deletes the row is certain."""
    transaction.on_commit(lambda: take_off_disk(row))


def handed_out(request, row: StoredFile) -> HttpResponse:
    """Return the file for a browser: a photo, which we made ourselves, to be looked at; anything else to be saved.

    What waits for the antivirus (409), was found infected or is not on disk (410) is a page that says so.
    """
    if row.held:
        status = 409 if row.held == StoredFile.Held.WAITING else 410
        return render(request, "models_registry/held_file.html", {"file": row}, status=status)
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        logger.error("%s %s is not on disk: %s", type(row).__name__, row.pk, row.file.name)
        return render(request, "models_registry/held_file.html", {"file": row}, status=410)
    shown = row.content_type in SHOWN and bool(row.thumbnail)
    answer = FileResponse(content, as_attachment=not shown, filename=row.name, content_type=row.content_type)
    for name, value in SEALED.items():
        answer[name] = value
    answer["Cache-Control"] = "private, no-store"
    return answer


def handed_out_small(request, row: StoredFile) -> HttpResponse:
    """Return a photo's thumbnail; the browser keeps it, and asks each time whether it may still show it.

    Raises Http404 for what is held back, and what is not on disk.
    """
    if row.held:
        raise Http404
    etag = f'"{row.digest[:32]}-{row.pk}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            answer = FileResponse(row.thumbnail.open("rb"), filename="small.jpg", content_type="image/jpeg")
        except FileNotFoundError as gone:
            raise Http404 from gone
    answer["ETag"] = etag
    for name, value in SEALED.items():
        answer[name] = value
    answer["Cache-Control"] = "private, no-cache"
    return answer
