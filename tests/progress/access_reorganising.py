import datetime as dt

from organizations.models import PlannedReorganisation
from organizations.services.reorganising import Decision
from progress.services.planning import keep_plan
from progress.services.plans import Plan
from progress.services.reorganising import reorganise
from tests import factories
from tests.factories import AT

TODAY = AT.date()


def _renaming(unit, on):
    return Plan(Decision("rename", "9-QĐ/HU", TODAY, on), [unit], name=f"{unit.name} mới")


def a_plan(world, unit):
    by = _above_all()
    kept = PlannedReorganisation.objects.waiting().filter(units=unit).first()
    return {"pk": (kept or keep_plan(_renaming(unit, TODAY + dt.timedelta(days=90)), by=by, at=AT)).pk}


def a_decision(world, unit):
    return {"pk": reorganise(_renaming(unit, TODAY), by=_above_all(), at=AT).made.pk}


def _above_all():
    return factories.person(role="administrator")


OBJECTS = {
    "progress:reorganise": lambda world, unit: {"kind": "merge"},
    "progress:planned": a_plan,
    "progress:withdraw_plan": a_plan,
    "progress:reorganised": a_decision,
}
ROWS = """
# url                       method place    ano sec dep cle com app hea lea adm non
progress:reorganisations    GET    -        302 403 403 403 403 403 403 403 200 403
progress:reorganisations    POST   -        302 405*
progress:reorganise         GET    any      302 403 403 403 403 403 403 403 200 403
progress:reorganise         POST   any      302 403 403 403 403 403 403 403 422 403
progress:planned            GET    own      302 200 200 200 200 200 200 200 200 404
progress:planned            GET    child    302 404 404 404 200 200 200 200 200 404
progress:planned            GET    foreign  302 404*
progress:planned            POST   any      302 405*
progress:withdraw_plan      GET    any      302 405*
progress:withdraw_plan      POST   own      302 403 403 403 403 403 403 403 302 404
progress:withdraw_plan      POST   child    302 404 404 404 403 403 403 403 302 404
progress:withdraw_plan      POST   foreign  302 404*
progress:reorganised        GET    own      302 200 200 200 200 200 200 200 200 404
progress:reorganised        GET    child    302 404 404 404 200 200 200 200 200 404
progress:reorganised        GET    foreign  302 404*
progress:reorganised        POST   any      302 405*
progress:left_behind        GET    -        302 403 403 403 403 403 403 403 200 403
progress:left_behind        POST   -        302 403 403 403 403 403 403 403 422 403
"""
