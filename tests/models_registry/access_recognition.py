"""Access to recognition: who reads figures reads it within reach; committees and the board's heads record it."""

from models_registry.models import Recognition
from tests.factories import AT
from tests.models_registry.access_showcase import approved


def recorded(world, unit):
    people = world.b_people if unit.path.startswith(world.b.top.path) else world.people
    kept = {"stage": "selected", "recipient": "collective", "on": AT.date(), "recorded_at": AT}
    return {"pk": Recognition.objects.create(unit=unit, recorded_by=people["head"], **kept).pk}


OBJECTS = {
    "models_registry:recognition": recorded,
    "models_registry:recognise_model": approved,
    "models_registry:honours": lambda world, unit: {"year": 2026},
    "models_registry:honours_pdf": lambda world, unit: {"year": 2026},
    "models_registry:honours_word": lambda world, unit: {"year": 2026},
    "models_registry:honours_xlsx": lambda world, unit: {"year": 2026},
}
# A board's people may not judge what their own unit wrote, and see no dossier of it there. A list of a year is
# everybody's own: the place of a year is no unit's.
ROWS = """
# url                             method place    ano sec dep cle com app hea lea adm non
models_registry:recognitions      GET    -        302 200 200 403 200 200 200 200 403 403
models_registry:recognitions      POST   -        302 405*
models_registry:recognitions_xlsx GET    -        302 200 200 403 200 200 200 200 403 403
models_registry:recognitions_xlsx POST   -        302 405*
models_registry:honours           GET    any      302 200 200 403 200 200 200 200 403 403
models_registry:honours           POST   any      302 405*
models_registry:honours_xlsx      GET    any      302 200 200 403 200 200 200 200 403 403
models_registry:honours_xlsx      POST   any      302 405*
models_registry:honours_word      GET    any      302 200 200 403 200 200 200 200 403 403
models_registry:honours_word      POST   any      302 405*
models_registry:honours_pdf       GET    any      302 405*
models_registry:honours_pdf       POST   any      302 302 302 403 302 302 302 302 403 403
models_registry:recognise         GET    -        302 403 403 403 200 403 200 403 403 403
models_registry:recognise         POST   -        302 403 403 403 422 403 422 403 403 403
models_registry:recognition       GET    own      302 200 200 403 200 200 200 200 403 403
models_registry:recognition       GET    child    302 404 404 403 200 200 200 200 403 403
models_registry:recognition       GET    foreign  302 404 404 403 404 404 404 404 403 403
models_registry:recognition       POST   own      302 403 403 403 422 403 422 403 403 403
models_registry:recognition       POST   child    302 404 404 403 422 403 422 403 403 403
models_registry:recognition       POST   foreign  302 404 404 403 404 404 404 404 403 403
models_registry:recognise_model   GET    own      302 403 403 403 200 404 404 403 404 404
models_registry:recognise_model   GET    child    302 404 404 404 200 403 200 403 404 404
models_registry:recognise_model   GET    foreign  302 404*
models_registry:recognise_model   POST   own      302 403 403 403 422 404 404 403 404 404
models_registry:recognise_model   POST   child    302 404 404 404 422 403 422 403 404 404
models_registry:recognise_model   POST   foreign  302 404*
"""
