"""Makes an extract: read for whoever asked, drawn in all three forms, kept under one code."""

import io
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from django.utils.translation import override

from completion.extracting import DrawnExtract, keep_extract
from completion.models import Extract
from dashboards.extracts.books import pages_of
from dashboards.extracts.gathering import gather
from dashboards.extracts.report import compose
from models_registry.documents import pdf, word
from organizations.models import Person, Unit
from vietnamese.workbooks import workbook

STEPS = 4  # read, Word, PDF, workbook


def make_extract(
    unit: Unit,
    year: int,
    *,
    code: str,
    site: str,
    by: Person,
    at: datetime,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Extract:
    """Return the extract of a unit's year as this person may have it, under a code; the same code makes one."""
    if before := Extract.objects.filter(code=code).first():
        return before
    with override("vi"), ExitStack() as files:
        gathered = gather(unit, year, by=by, at=at)
        advance(1, STEPS)
        paper = compose(gathered, code=code, site=site)
        drawn = {"docx": io.BytesIO(word.draw(paper, at=at))}
        advance(2, STEPS)
        if pdf.can_draw():
            drawn["pdf"] = files.enter_context(tempfile.TemporaryFile())
            drawn["pdf"].write(pdf.draw(paper))
        advance(3, STEPS)
        drawn["xlsx"] = files.enter_context(workbook(list(pages_of(gathered, code=code))))
        advance(STEPS, STEPS)
        return keep_extract(
            DrawnExtract(
                unit=unit,
                year=year,
                sources=gathered.sources,
                is_final=gathered.is_final,
                with_names=gathered.with_names,
                code=code,
                issuer=gathered.letterhead.issuer,
                title=paper.title,
                files=drawn,
            ),
            by=by,
            at=at,
        )
