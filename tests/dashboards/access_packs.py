from django.utils import timezone

from completion.quarters import Quarter
from completion.services import seal_quarter
from organizations.models import Unit
from tests.dashboards.packs import pack_of


def sealed(unit) -> Unit:
    """The unit, in a tree whose quarter before the last is sealed."""
    now = timezone.now()
    seal_quarter(Unit.objects.get(pk=int(unit.path[:8])), Quarter.of(now).before.before, at=now)
    return unit


def made(world, unit):
    """A pack of the unit, made by the leader of its district."""
    people = world.people if unit.path.startswith(world.a.top.path) else world.b_people
    return pack_of(sealed(unit), by=people["leader"])


OBJECTS = {
    "packs:unit": lambda world, unit: {"pk": sealed(unit).pk},
    "packs:wish": lambda world, unit: {"pk": unit.pk},
    "packs:weekly": lambda world, unit: {"pk": unit.pk},
    "packs:pack": lambda world, unit: {"pk": made(world, unit).pk},
    "packs:file": lambda world, unit: {"pk": made(world, unit).pk, "form": "docx"},
}
ROWS = """
# url         method place    ano sec dep cle com app hea lea adm non
packs:start   GET    -        302 302 302 403 302 302 302 302 403 403
packs:start   POST   -        302 405*
packs:unit    GET    own      302 200 200 403 200 200 200 200 403 403
packs:unit    GET    child    302 404 404 403 200 200 200 200 403 403
packs:unit    GET    foreign  302 404 404 403 404 404 404 404 403 403
# Sent without a period.
packs:unit    POST   own      302 422 422 403 422 422 422 422 403 403
packs:unit    POST   child    302 404 404 403 422 422 422 422 403 403
packs:unit    POST   foreign  302 404 404 403 404 404 404 404 403 403
packs:wish    GET    any      302 405*
packs:wish    POST   own      302 302 302 403 302 302 302 302 403 403
packs:wish    POST   child    302 404 404 403 302 302 302 302 403 403
packs:wish    POST   foreign  302 404 404 403 404 404 404 404 403 403
packs:weekly  GET    any      302 405*
packs:weekly  POST   own      302 302 302 403 302 302 302 302 403 403
packs:weekly  POST   child    302 404 404 403 302 302 302 302 403 403
packs:weekly  POST   foreign  302 404 404 403 404 404 404 404 403 403
packs:pack    GET    own      302 200 200 403 200 200 200 200 403 403
packs:pack    GET    child    302 404 404 403 200 200 200 200 403 403
packs:pack    GET    foreign  302 404 404 403 404 404 404 404 403 403
packs:pack    POST   any      302 405*
packs:file    GET    own      302 200 200 403 200 200 200 200 403 403
packs:file    GET    child    302 404 404 403 200 200 200 200 403 403
packs:file    GET    foreign  302 404 404 403 404 404 404 404 403 403
packs:file    POST   any      302 405*
"""
