"""Photos kept before they were made anew on arrival: made so now, with a thumbnail and without the place."""

from django.core.files.base import ContentFile
from django.db import transaction

from models_registry.kept_files import SHOWN, put_away
from models_registry.models.files import StoredFile
from models_registry.photos import BrokenPhoto, HugePhoto, made_anew
from models_registry.uploads import PHOTOS, Taken


def kept_as_they_came(model: type[StoredFile]):
    """Return the photos of one kind of file that have no thumbnail: those kept as they were sent."""
    return model.objects.filter(content_type__in=SHOWN, thumbnail="", held="")


@transaction.atomic
def make_anew(model: type[StoredFile], pk: int) -> bool:
    """Make one such photo anew and delete the file it was; False where it cannot be read, and it stays as it is.

    True also where it is gone, or was made anew meanwhile.
    """
    row = kept_as_they_came(model).select_for_update().filter(pk=pk).first()
    if row is None:
        return True
    former, storage = row.file.name, row.file.storage
    try:
        with row.file.open("rb") as file:
            photo, thumbnail = made_anew(file)
    except (BrokenPhoto, HugePhoto, FileNotFoundError):
        return False
    kind = next(kind for kind in PHOTOS if kind.content_type == row.content_type)
    put_away(row, Taken(kind, row.name, ContentFile(photo), thumbnail, row.digest))
    row.save(update_fields=["file", "thumbnail", "size"])
    transaction.on_commit(lambda: storage.delete(former))
    return True
