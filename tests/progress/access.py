import datetime as dt

from models_registry.models import WorkItem
from progress.models import ChangeRequest, CompletionReport, Evidence, ReportExemption
from tests.factories import AT, person
from tests.progress import making

YEAR = dt.date.today().year


def _sheet(world, unit):
    b = world.b
    board = b.board if unit.path.startswith(b.top.path) else world.a.board
    if not unit.posts.exists():
        person(unit, "secretary")
    return making.sheet(unit, board, year=YEAR)


def _item(world, unit, **fields) -> WorkItem:
    return making.item(
        _sheet(world, unit), due=dt.date(YEAR, 12, 31), approved_at=dt.datetime(YEAR, 1, 1, tzinfo=dt.UTC), **fields
    )


def _reported(world, unit) -> WorkItem:
    """A collective work reported by somebody who acts nowhere else."""
    item = _item(world, unit, state="reported")
    CompletionReport.objects.create(
        item=item, completed_on=dt.date(YEAR, 1, 2), result="Xong", reported_by=person(), reported_at=AT
    )
    return item


def _evidence(world, unit) -> Evidence:
    report = _reported(world, unit).reports.get()
    file = making.file()
    kept = {"name": file.name, "file": file, "thumbnail": making.file("small.jpg")}
    return Evidence.objects.create(report=report, content_type="application/pdf", size=9, **kept)


def _request(world, unit) -> ChangeRequest:
    return ChangeRequest.objects.create(
        item=_item(world, unit), kind="suspend", reason="Chờ bố trí kinh phí", asked_by=person(), asked_at=AT
    )


def _ongoing(world, unit) -> WorkItem:
    return _item(world, unit, ongoing=True)


def _let_off(world, unit) -> ReportExemption:
    given = {"reason": "Đang sắp xếp", "exempted_by": person(), "exempted_at": AT}
    return ReportExemption.objects.create(unit=unit, year=YEAR, quarter=1, **given)


OBJECTS = {
    "progress:exempt_report": lambda world, unit: {"pk": unit.pk, "year": YEAR, "quarter": 1},
    "progress:lift_report_exemption": lambda world, unit: {"pk": _let_off(world, unit).pk},
    "progress:item": lambda world, unit: {"pk": _item(world, unit).pk},
    "progress:tell_progress": lambda world, unit: {"pk": _item(world, unit).pk},
    "progress:report": lambda world, unit: {"pk": _item(world, unit).pk},
    "progress:step": lambda world, unit: {"pk": _reported(world, unit).pk, "step": "refuse"},
    "progress:check": lambda world, unit: {"pk": _ongoing(world, unit).pk, "quarter": 1},
    "progress:ask": lambda world, unit: {"pk": _item(world, unit).pk, "kind": "extend"},
    "progress:evidence": lambda world, unit: {"pk": _evidence(world, unit).pk},
    "progress:thumbnail": lambda world, unit: {"pk": _evidence(world, unit).pk},
    "progress:decide": lambda world, unit: {"pk": _request(world, unit).pk},
    "progress:withdraw_request": lambda world, unit: {"pk": _request(world, unit).pk},
    "progress:unit_year": lambda world, unit: {"pk": unit.pk, "year": YEAR},
    "progress:urge": lambda world, unit: {"pk": unit.pk, "year": YEAR, "quarter": 1},
    "progress:unit_quarter": lambda world, unit: {"pk": unit.pk, "year": YEAR, "quarter": 1},
}
# The board appraises everything in its district, so that its own unit and the child are both within reach; what stands
# at the board itself is out of its people's sight.
ROWS = """
# url                    method place    ano sec dep cle com app hea lea adm non
progress:items           GET    -        302 200 200 200 200 200 200 200 403 403
progress:items           POST   -        302 405*
progress:untouched       GET    -        302 403 403 403 200 403 200 200 403 403
progress:untouched       POST   -        302 403 403 403 409 403 409 409 403 403
progress:slow            GET    -        302 403 403 403 200 403 200 200 403 403
progress:slow            POST   -        302 403 403 403 409 403 409 409 403 403
progress:item            GET    own      302 200 200 200 200 404 404 200 404 404
progress:item            GET    child    302 404 404 404 200 200 200 200 404 404
progress:item            GET    foreign  302 404*
progress:item            POST   any      302 405*
progress:tell_progress   GET    own      302 200 200 200 403 404 404 403 404 404
progress:tell_progress   GET    child    302 404 404 404 403 403 403 403 404 404
progress:tell_progress   GET    foreign  302 404*
progress:tell_progress   POST   own      302 422 422 422 403 404 404 403 404 404
progress:tell_progress   POST   child    302 404 404 404 403 403 403 403 404 404
progress:tell_progress   POST   foreign  302 404*
progress:report          GET    own      302 200 200 200 403 404 404 403 404 404
progress:report          GET    child    302 404 404 404 403 403 403 403 404 404
progress:report          GET    foreign  302 404*
progress:report          POST   own      302 422 422 403 403 404 404 403 404 404
progress:report          POST   child    302 404 404 404 403 403 403 403 404 404
progress:report          POST   foreign  302 404*
progress:step            GET    own      302 403 403 403 403 404 404 403 404 404
progress:step            GET    child    302 404 404 404 200 403 403 403 404 404
progress:step            GET    foreign  302 404*
progress:step            POST   own      302 403 403 403 403 404 404 403 404 404
progress:step            POST   child    302 404 404 404 422 403 403 403 404 404
progress:step            POST   foreign  302 404*
progress:check           GET    own      302 403 403 403 403 404 404 403 404 404
progress:check           GET    child    302 404 404 404 200 403 403 403 404 404
progress:check           GET    foreign  302 404*
progress:check           POST   own      302 403 403 403 403 404 404 403 404 404
progress:check           POST   child    302 404 404 404 422 403 403 403 404 404
progress:check           POST   foreign  302 404*
progress:ask             GET    own      302 200 200 403 403 404 404 403 404 404
progress:ask             GET    child    302 404 404 404 403 403 403 403 404 404
progress:ask             GET    foreign  302 404*
progress:ask             POST   own      302 422 422 403 403 404 404 403 404 404
progress:ask             POST   child    302 404 404 404 403 403 403 403 404 404
progress:ask             POST   foreign  302 404*
progress:evidence        GET    own      302 200 200 200 200 404 404 200 404 404
progress:evidence        GET    child    302 404 404 404 200 200 200 200 404 404
progress:evidence        GET    foreign  302 404*
progress:evidence        POST   any      302 405*
progress:thumbnail       GET    own      302 200 200 200 200 404 404 200 404 404
progress:thumbnail       GET    child    302 404 404 404 200 200 200 200 404 404
progress:thumbnail       GET    foreign  302 404*
progress:thumbnail       POST   any      302 405*
progress:to_confirm      GET    -        302 200 200 403 200 403 200 403 403 403
progress:to_confirm      POST   -        302 405 405 405 405 405 405 405 405 405
progress:checks          GET    -        302 200 200 403 200 403 200 403 403 403
progress:checks          POST   -        302 405*
progress:requests        GET    -        302 403 403 403 403 403 200 403 403 403
progress:requests        POST   -        302 405*
progress:decide          GET    own      302 403 403 403 403 404 404 403 404 404
progress:decide          GET    child    302 404 404 404 403 403 200 403 404 404
progress:decide          GET    foreign  302 404*
progress:decide          POST   own      302 403 403 403 403 404 404 403 404 404
progress:decide          POST   child    302 404 404 404 403 403 422 403 404 404
progress:decide          POST   foreign  302 404*
progress:withdraw_request GET   any      302 405*
progress:withdraw_request POST  own      302 302 302 403 403 404 404 403 404 404
progress:withdraw_request POST  child    302 404 404 404 403 403 403 403 404 404
progress:withdraw_request POST  foreign  302 404*
progress:carry_over      GET    -        302 200 200 403 403 403 403 403 403 403
progress:carry_over      POST   -        302 422 422 403 403 403 403 403 403 403
progress:carry_overs     GET    -        302 403 403 403 403 403 200 403 403 403
progress:carry_overs     POST   -        302 403 403 403 403 403 422 403 403 403
progress:own_year        GET    -        302 302 302 302 302 302 302 302 403 403
progress:own_year        POST   -        302 405*
progress:unit_year       GET    own      302 200 200 200 200 200 200 200 403 404
progress:unit_year       GET    child    302 404 404 404 200 200 200 200 403 404
progress:unit_year       GET    foreign  302 404*
progress:unit_year       POST   any      302 405*
progress:urge            GET    any      302 405*
progress:urge            POST   own      302 403 403 403 302 403 302 302 403 404
progress:urge            POST   child    302 404 404 404 302 403 302 302 403 404
progress:urge            POST   foreign  302 404*
progress:unit_quarter    GET    own      302 200 200 200 200 200 200 200 403 404
progress:unit_quarter    GET    child    302 404 404 404 200 200 200 200 403 404
progress:unit_quarter    GET    foreign  302 404*
progress:unit_quarter    POST   own      302 422 422 403 403 403 403 403 403 404
progress:unit_quarter    POST   child    302 404 404 404 403 403 403 403 403 404
progress:unit_quarter    POST   foreign  302 404*
progress:exempt_report   GET    own      302 403 403 403 403 403 403 403 403 404
progress:exempt_report   GET    child    302 404 404 404 403 403 200 403 403 404
progress:exempt_report   GET    foreign  302 404*
progress:exempt_report   POST   own      302 403 403 403 403 403 403 403 403 404
progress:exempt_report   POST   child    302 404 404 404 403 403 422 403 403 404
progress:exempt_report   POST   foreign  302 404*
progress:lift_report_exemption GET any   302 405*
progress:lift_report_exemption POST own  302 403 403 403 403 403 403 403 404 404
progress:lift_report_exemption POST child 302 404 404 404 403 403 302 403 404 404
progress:lift_report_exemption POST foreign 302 404*
progress:reports         GET    -        302 200 200 403 200 200 200 200 403 403
progress:reports         POST   -        302 405*
progress:reports_xlsx    GET    -        302 200 200 403 200 200 200 200 403 403
progress:reports_xlsx    POST   -        302 405*
"""
