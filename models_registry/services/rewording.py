"""Putting other words in the place of some in all that a model says, its outputs and its works included, and in what
was sent of it."""

from collections.abc import Callable
from datetime import datetime

from journal.chain import digest
from journal.services import record
from models_registry.models import Dossier
from models_registry.sections import PRACTICE_FIELDS
from models_registry.services.known_sentences import relearn
from models_registry.services.search_text import folded_item, refold

ITEM_TEXTS = ("title", "assignee", "accountable", "expected_result")


def reword(dossier: Dossier, replace: Callable[[str], str]) -> None:
    """Replace the texts of a model, of its outputs and works, and renew the search texts; a query a row that changes.

    Exemplars are left to the caller.
    """
    _reworded(dossier.practice, PRACTICE_FIELDS, replace)
    for output in dossier.practice.outputs.all():
        _reworded(output, ("name",), replace)
    for item in dossier.items.all():
        _reworded(item, ITEM_TEXTS, replace, renew=folded_item)
    dossier.title = replace(dossier.title)[:400]
    refold(dossier)


def unname_versions(dossier: Dossier, unnamed: Callable[[dict], dict], *, by, at: datetime, **detail) -> None:
    """Take a name out of every version that was sent of a locked dossier, its unit loaded; `unnamed` does so of one.

    The journal keeps the new digest of each version that changes, so that a replay compares its words again.
    """
    digests, content = {}, None
    for version in dossier.versions.order_by("number"):
        content = unnamed(version.content)
        if content != version.content:
            version.content = content
            version.save(update_fields=["content"])
            digests[version.number] = digest(content)
    if content is not None:
        relearn(dossier, content)
    about = {"subject": "dossier", "subject_id": dossier.pk, "unit_id": dossier.unit_id}
    record("dossier.unname", **about, by=by, at=at, detail={"versions": digests, **detail})


def _reworded(row, names, replace: Callable[[str], str], *, renew: Callable | None = None) -> None:
    before = [getattr(row, name) for name in names]
    for name in names:
        # The new word may be longer than the old; a field without a limit has None here.
        setattr(row, name, replace(getattr(row, name))[: row._meta.get_field(name).max_length])
    if before != [getattr(row, name) for name in names]:
        if renew is not None:
            row.folded = renew(row)
        row.save()
