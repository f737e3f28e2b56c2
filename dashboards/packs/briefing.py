"""A pack in a few words, as a notice or a mail tells them: the main figures, no names."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from completion.models import Pack
from completion.queries.figures import table_of
from completion.queries.packs import spanned_text
from completion.queries.spans import Span, Spanned
from dashboards.packs.words import fraction

TOLD = ("r1", "r2", "r3", "r6", "r7")


def in_brief(pack: Pack) -> Callable[[], str]:
    """Return what says, in the language it is asked in, that a pack was made and its main figures; three queries."""
    quarter, is_quarter = pack.quarter, pack.span == Span.QUARTER
    row = table_of(pack.unit, quarter, number=pack.revision.number).row
    rates = [row.rate(code) for code in TOLD if is_quarter or code not in ("r1", "r6")]
    figures = " · ".join(f"{rate.code.upper()} {fraction(rate)}" for rate in rates)

    def said() -> str:
        return _("%(period)s của %(unit)s đã chốt (bản %(number)s): %(figures)s. Bộ báo cáo đã lập xong.") % {
            "period": spanned_text(Spanned(pack.span, quarter)),
            "unit": pack.unit.name[:200],
            "number": pack.revision.number,
            "figures": figures,
        }

    return said
