"""Works that a later revision counts otherwise than the first, for the lists behind its numbers."""

from django.db.models import F
from django.utils.translation import gettext as _

from completion.models import CorrectionLine, Revision


def corrected_in(revision: Revision) -> dict[int, str]:
    """Return one sentence, by its id, on every work that this revision or one before it put right; one query."""
    lines = CorrectionLine.objects.up_to(revision).annotate(number=F("correction__revision__number"))
    said = ((line.item_id, {"number": line.number, "error": line.get_error_display()}) for line in lines)
    return {item: _("đính chính ở bản %(number)s: %(error)s") % words for item, words in said}
