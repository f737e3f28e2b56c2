from django.utils import timezone

from completion.quarters import Quarter
from journal.services import record
from organizations.models import Unit


def _tree(world, unit, quarter):
    """The tree the unit stands in: closings are its root's."""
    return {"pk": Unit.objects.get(pk=int(unit.path[:8])).pk, "quarter": str(quarter)}


def _past(world, unit):
    return _tree(world, unit, Quarter(Quarter.of(timezone.now()).year - 1, 1))


def _present(world, unit):
    return _tree(world, unit, Quarter.of(timezone.now()))


def _proof(world, unit):
    root, told = _present(world, unit), {"cells": 0, "first": [], "quarter": "2026-Q1"}
    about = {"subject": "period", "subject_id": 1, "unit_id": root["pk"], "by": None, "at": timezone.now()}
    return {"pk": record("figures.proved", **about, detail=told).pk}


OBJECTS = {
    "completion:proof": _proof,
    "completion:seal": _past,
    "completion:recompute": _present,
    "completion:room": _present,
    "completion:move_closing": _present,
    "completion:room_list": lambda world, unit: _present(world, unit) | {"what": "missing"},
}
ROWS = """
# url                 method place    ano sec dep cle com app hea lea adm non
completion:closings   GET    -        302 403 403 403 403 403 200 403 200 403
completion:closings   POST   -        302 405*
completion:proofs     GET    -        302 403 403 403 403 403 200 403 200 403
completion:proofs     POST   -        302 405*
completion:proof      GET    own      302 403 403 403 403 403 200 403 200 403
completion:proof      GET    child    302 403 403 403 403 403 200 403 200 403
completion:proof      GET    foreign  302 403 403 403 403 403 404 403 404 403
completion:proof      POST   any      302 405*
completion:history    GET    -        302 403*
completion:history    POST   -        302 403*
completion:seal       GET    any      302 405*
completion:seal       POST   own      302 404 404 404 404 403 302 403 302 404
completion:seal       POST   child    302 404 404 404 404 403 302 403 302 404
completion:seal       POST   foreign  302 404*
completion:recompute  GET    any      302 405*
completion:recompute  POST   own      302 404 404 404 404 403 302 403 302 404
completion:recompute  POST   child    302 404 404 404 404 403 302 403 302 404
completion:recompute  POST   foreign  302 404*
completion:room       GET    own      302 404 404 404 404 200 200 200 200 404
completion:room       GET    child    302 404 404 404 404 200 200 200 200 404
completion:room       GET    foreign  302 404*
completion:room       POST   any      302 405*
completion:room_list  GET    own      302 404 404 404 404 200 200 200 200 404
completion:room_list  GET    child    302 404 404 404 404 200 200 200 200 404
completion:room_list  GET    foreign  302 404*
completion:room_list  POST   any      302 405*
completion:move_closing GET  own      302 404 404 404 404 403 200 403 200 404
completion:move_closing GET  child    302 404 404 404 404 403 200 403 200 404
completion:move_closing GET  foreign  302 404*
completion:move_closing POST own      302 404 404 404 404 403 422 403 422 404
completion:move_closing POST child    302 404 404 404 404 403 422 403 422 404
completion:move_closing POST foreign  302 404*
"""
