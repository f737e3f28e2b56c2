"""What sealed revisions hold of the journal."""

from collections.abc import Iterator

from completion.models import Revision


def sealed_heads() -> Iterator[str]:
    """Yield the head of the journal's chain each revision was sealed under; one query."""
    sealed = Revision.objects.filter(sealed=True, journal_head__isnull=False).order_by()
    yield from sealed.values_list("journal_head", flat=True)
