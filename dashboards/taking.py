"""Who takes figures of sealed revisions away is noted, whatever the file, so that a newer revision is told to them."""

from collections.abc import Callable, Iterable

from completion.services import note_taking
from organizations.models import Unit


def noting(unit: Unit, revisions: Iterable[tuple[int, bool]], form: str = "xlsx") -> Callable[..., None] | None:
    """Return what notes that the sealed ones of (id, sealed) were taken of a unit; None of those that change anyway."""
    sealed = {pk for pk, is_sealed in revisions if is_sealed}

    def note(*, by, at) -> None:
        for pk in sorted(sealed):
            note_taking(pk, unit, form, by=by, at=at)

    return note if sealed else None
