"""Who enters, reads and approves tables of figures that reports printed; those of the place, entered by its board."""

from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from completion.models import PublishedFigure, PublishedTable, SourceDocument
from tests import factories


def table_of(unit, state="draft", by=None, **more) -> PublishedTable:
    by = by or factories.person(unit, "committee")
    signed = {}
    if state in ("shown", "replaced"):
        signed = {"decided_by": factories.person(unit, "head", "Người duyệt"), "decided_at": timezone.now()}
    head = {"year": 2023, "title": "Kết quả năm 2023", "symbol": "12-BC/TU", "issuer": "Tỉnh ủy"}
    rows = [{"n": "8", "base": "10", "rate": "80%", "kind": "COL"}]
    given = head | {"issued_on": date(2024, 1, 5), "rows": rows, "begun_at": timezone.now(), "state": state} | signed
    made = PublishedTable.objects.create(unit=unit, entered_by=by, entered_in=by.post, **given | more)
    if state in ("shown", "replaced"):
        of = {"unit": unit, "year": 2023, "n": 8, "base": 10, "printed_rate": "80%", "kind": "COL", "label": "Tập thể"}
        PublishedFigure.objects.create(table=made, source="12-BC/TU", **of)
    return made


def _draft(world, unit):
    return {"pk": table_of(unit).pk}


def _with_document(world, unit):
    document = SourceDocument(name="bc.pdf", content_type="application/pdf", size=8)
    document.file.save("bc.pdf", ContentFile(b"%PDF-1.4"))
    return {"pk": table_of(unit, "shown", document=document).pk}


OBJECTS = {
    "completion:published_table": lambda world, unit: {"pk": table_of(unit, "shown").pk},
    "completion:published_head": _draft,
    "completion:published_bring": _draft,
    "completion:published_rows": _draft,
    "completion:published_drop": _draft,
    "completion:published_version": lambda world, unit: {"pk": table_of(unit, "shown").pk},
    "completion:published_document": _with_document,
    "completion:published_step": lambda world, unit: {"pk": table_of(unit, "asked").pk, "step": "approve"},
}
ROWS = """
# url                          method place    ano sec dep cle com app hea lea adm non
completion:published_tables    GET    -        302 200 200 403 200 200 200 200 200 403
completion:published_tables    POST   -        302 405*
completion:published_begin     GET    -        302 403 403 403 200 200 200 403 200 403
completion:published_begin     POST   -        302 403 403 403 422 422 422 403 422 403
completion:published_template  GET    -        302 403 403 403 200 200 200 403 200 403
completion:published_template  POST   -        302 405*
completion:published_table     GET    own      302 200 200 403 200 200 200 200 200 403
completion:published_table     GET    child    302 404 404 403 200 200 200 200 200 403
completion:published_table     GET    foreign  302 404 404 403 404 404 404 404 404 403
completion:published_table     POST   any      302 405*
# A draft is in sight of who entered it alone.
completion:published_head      GET    any      302 404 404 403 404 404 404 404 404 403
completion:published_head      POST   any      302 404 404 403 404 404 404 404 404 403
completion:published_bring     GET    any      302 404 404 403 404 404 404 404 404 403
completion:published_bring     POST   any      302 404 404 403 404 404 404 404 404 403
completion:published_rows      GET    any      302 404 404 403 404 404 404 404 404 403
completion:published_rows      POST   any      302 404 404 403 404 404 404 404 404 403
completion:published_drop      GET    any      302 405*
completion:published_drop      POST   any      302 404 404 403 404 404 404 404 404 403
completion:published_version   GET    any      302 405*
completion:published_version   POST   own      302 403 403 403 302 302 302 403 302 403
completion:published_version   POST   child    302 404 404 403 302 302 302 403 302 403
completion:published_version   POST   foreign  302 404 404 403 404 404 404 404 404 403
completion:published_document  GET    own      302 200 200 403 200 200 200 200 200 403
completion:published_document  GET    child    302 404 404 403 200 200 200 200 200 403
completion:published_document  GET    foreign  302 404 404 403 404 404 404 404 404 403
completion:published_document  POST   any      302 405*
completion:published_step      GET    any      302 405*
completion:published_step      POST   own      302 404 404 403 403 403 302 302 403 403
completion:published_step      POST   child    302 404 404 403 403 403 302 302 403 403
completion:published_step      POST   foreign  302 404 404 403 404 404 404 404 404 403
"""
