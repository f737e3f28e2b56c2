"""Who reads, asks, approves and seals corrections: of the last quarter of 2025, one work of the place in it."""

from datetime import UTC, date, datetime

from django.utils import timezone

from completion.models import Correction, CorrectionLine, Period
from completion.quarters import Quarter
from completion.queries.corrections import sealed_line
from completion.revising import seal_corrections
from completion.services import seal_quarter
from models_registry.models import WorkItem
from organizations.models import Unit
from tests import factories


def _sealed(unit) -> tuple[Period, WorkItem]:
    item = WorkItem.objects.create(
        code=f"C{unit.pk}",
        unit=unit,
        kind="COL",
        year=2025,
        title="Việc đã chốt",
        state="in_progress",
        approved_at=datetime(2025, 2, 1, tzinfo=UTC),
        due_on=date(2025, 12, 1),
        due_in_force=date(2025, 12, 1),
        imported=True,
    )
    root = Unit.objects.get(pk=int(unit.path[:8]))
    return seal_quarter(root, Quarter(2025, 4), at=timezone.now()).period, item


def _asked(world, unit, state="asked") -> Correction:
    period, item = _sealed(unit)
    home, line = sealed_line(period.revisions.get(), item)
    asker, decider = factories.person(unit, "committee"), factories.person(period.root, "leader")
    signed = {"decided_by": decider, "decided_at": timezone.now()} if state == "approved" else {}
    asked = Correction.objects.create(
        period=period,
        unit=unit,
        state=state,
        reason="Hai hồ sơ cùng một việc.",
        asked_by=asker,
        asked_in=asker.post,
        begun_at=timezone.now(),
        asked_at=timezone.now(),
        **signed,
    )
    CorrectionLine.objects.create(
        correction=asked, item=item, error="duplicate", home=home, was=line, becomes=f"{line}x"
    )
    return asked


def _line(world, unit):
    return {"pk": _asked(world, unit).lines.get().pk}


def _corrected(world, unit):
    asked = _asked(world, unit, "approved")
    return {"pk": seal_corrections(asked.period, at=timezone.now(), by=asked.decided_by).pk}


def _period(world, unit):
    return {"pk": _sealed(unit)[0].pk}


def _sealed_figures(world, unit):
    return {"pk": _sealed(unit)[0].revisions.get().pk, "unit": unit.pk}


def _work(world, unit):
    period, item = _sealed(unit)
    return {"pk": period.pk, "item": item.pk}


OBJECTS = {
    "completion:correction": lambda world, unit: {"pk": _asked(world, unit).pk},
    "completion:correction_step": lambda world, unit: {"pk": _asked(world, unit).pk, "step": "approve"},
    "completion:drop_line": _line,
    "completion:correct": _period,
    "completion:correct_item": _work,
    "completion:reseal": _period,
    "completion:difference": _corrected,
    "completion:printed": _sealed_figures,
}
ROWS = """
# url                      method place    ano sec dep cle com app hea lea adm non
completion:corrections     GET    -        302 403 403 403 200 200 200 200 403 403
completion:corrections     POST   -        302 405*
completion:correction      GET    own      302 403 403 403 200 200 200 200 403 403
completion:correction      GET    child    302 403 403 403 200 200 200 200 403 403
completion:correction      GET    foreign  302 403 403 403 404 404 404 404 403 403
completion:correction      POST   any      302 405*
completion:correction_step GET    any      302 405*
completion:correction_step POST   own      302 403 403 403 403 403 302 302 403 403
completion:correction_step POST   child    302 403 403 403 403 403 302 302 403 403
completion:correction_step POST   foreign  302 403 403 403 404 404 404 404 403 403
completion:drop_line       GET    any      302 405*
completion:drop_line       POST   any      302 403 403 403 404 404 404 404 403 403
completion:correct         GET    own      302 403 403 403 200 200 200 200 404 404
completion:correct         GET    child    302 403 403 403 200 200 200 200 404 404
completion:correct         GET    foreign  302 404*
completion:correct         POST   any      302 405*
completion:correct_item    GET    own      302 403 403 403 200 200 200 200 404 404
completion:correct_item    GET    child    302 403 403 403 200 200 200 200 404 404
completion:correct_item    GET    foreign  302 404*
completion:correct_item    POST   own      302 403 403 403 422 422 422 422 404 404
completion:correct_item    POST   child    302 403 403 403 422 422 422 422 404 404
completion:correct_item    POST   foreign  302 404*
completion:reseal          GET    any      302 405*
completion:reseal          POST   own      302 403 403 403 403 403 302 302 404 404
completion:reseal          POST   child    302 403 403 403 403 403 302 302 404 404
completion:reseal          POST   foreign  302 404*
completion:difference      GET    own      302 200 200 403 200 200 200 200 404 404
completion:difference      GET    child    302 200 200 403 200 200 200 200 404 404
completion:difference      GET    foreign  302 404*
completion:difference      POST   any      302 405*
completion:printed         GET    any      302 405*
completion:printed         POST   own      302 204 204 403 204 204 204 204 404 404
completion:printed         POST   child    302 404 404 404 204 204 204 204 404 404
completion:printed         POST   foreign  302 404*
"""
