"""Works that a later revision counts otherwise than their facts say, for the lists behind its numbers."""

from dataclasses import replace
from typing import NamedTuple

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from completion.lines import read_lines
from completion.models import CorrectionLine, FrozenUnit, Revision
from completion.rates import Frame, Known


class Corrected(NamedTuple):
    """A work as corrected: `path` is that of the unit in whose list it is sealed, `why` one sentence."""

    state: Known
    path: str
    why: str


def corrected_in(revision: Revision, frame: Frame) -> dict[int, Corrected]:
    """Return by its id every work that this revision, or one before it, corrected, by its last word; one query."""
    found = {}
    place = FrozenUnit.objects.filter(revision=revision, unit=OuterRef("owner")).order_by().values("path")
    lines = CorrectionLine.objects.up_to(revision).annotate(
        number=F("correction__revision__number"), owner=Coalesce("to_unit", "home")
    )
    for line in lines.annotate(path=Subquery(place)):
        ((_kind, _code, state),) = read_lines(line.becomes, frame)
        said = {"number": line.number, "error": line.get_error_display()}
        why = _("Đính chính ở bản %(number)s: %(error)s.") % said
        found[line.item_id] = Corrected(replace(state, owner=line.owner), line.path, why)
    return found
