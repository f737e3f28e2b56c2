"""Makes a pack: read, drawn in all three forms, kept. Memory stays flat however many works it lists."""

import io
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from django.utils.translation import override

from completion.models import Pack, Revision
from completion.packing import Drawn, keep_pack
from completion.queries.spans import Spanned
from dashboards.packs.books import pages_of
from dashboards.packs.gathering import gather
from dashboards.packs.report import compose
from models_registry.documents import pdf, word
from organizations.models import Person, Unit
from vietnamese.workbooks import workbook

STEPS = 4  # read, Word, PDF, kept; each as much of the bar as a tenth of the works


def make_pack(
    unit: Unit,
    spanned: Spanned,
    revision: Revision,
    *,
    code: str,
    site: str,
    by: Person,
    at: datetime,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Pack:
    """Return the pack of a unit and period as this person may have it, under a code; the same code makes one pack.

    `advance` hears (done, total). A second for the report, 100 ms a page of PDF, some 40 s for 100.000 works.
    """
    if before := Pack.objects.filter(code=code).first():
        return before
    with override("vi"), ExitStack() as files:
        gathered = gather(unit, spanned, revision, at=at)
        step = max(1, gathered.works // 10)
        total = STEPS * step + gathered.works
        advance(step, total)
        paper = compose(gathered, code=code, site=site)
        drawn = {"docx": io.BytesIO(word.draw(paper, at=at))}
        advance(2 * step, total)
        if pdf.can_draw():
            drawn["pdf"] = files.enter_context(tempfile.TemporaryFile())
            drawn["pdf"].write(pdf.draw(paper))
        advance(3 * step, total)
        pages = list(pages_of(gathered, code=code, user=by))
        drawn["xlsx"] = files.enter_context(
            workbook(pages, lambda row: advance(3 * step + min(row, gathered.works), total))
        )
        return keep_pack(
            Drawn(
                unit=unit,
                span=spanned.span,
                revision=revision,
                sources=gathered.sources,
                code=code,
                issuer=gathered.letterhead.issuer,
                title=paper.title,
                item_count=gathered.works,
                files=drawn,
            ),
            by=by,
            at=at,
        )
