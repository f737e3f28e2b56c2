"""Access to privacy's pages: the register is everybody's, one's data one's own, an erasure the administrator's."""

from privacy.models import Erasure
from tests import factories
from tests.factories import AT


def _somebody(world, unit):
    return {"pk": factories.person(unit, "clerk", "Người khác").pk}


def _erasure(world, unit):
    person = factories.person(unit, "clerk", "Người khác")
    people = world.b_people if unit.path.startswith(world.b.top.path) else world.people
    asked_by = people["administrator"]
    made = Erasure.objects.create(
        person_id=person.pk, reference="Đơn", reason="Theo yêu cầu", asked_by=asked_by, asked_at=AT
    )
    return {"pk": made.pk}


OBJECTS = {
    "privacy:person": _somebody,
    "privacy:take_person": _somebody,
    "privacy:ask_erasure": _somebody,
    "privacy:erasure": _erasure,
}
ROWS = """
# url                   method place    ano sec dep cle com app hea lea adm non
privacy:notice          GET    -        302 200*
privacy:notice          POST   -        302 405*
privacy:register_word   GET    -        302 200*
privacy:register_word   POST   -        302 405*
privacy:controller      GET    -        302 403*
privacy:controller      POST   -        302 403*
privacy:retention       GET    -        302 403*
privacy:retention       POST   -        302 403*
privacy:looks           GET    -        302 200 200 403 200 403 403 403 403 403
privacy:looks           POST   -        302 405*
privacy:looks_at_me     GET    -        302 200*
privacy:looks_at_me     POST   -        302 405*
privacy:mine            GET    -        302 200*
privacy:mine            POST   -        302 405*
privacy:take_mine       GET    -        302 405*
privacy:take_mine       POST   -        302 302*
privacy:person          GET    own      302 404 404 404 404 404 404 404 200 404
privacy:person          GET    child    302 404 404 404 404 404 404 404 200 404
privacy:person          GET    foreign  302 404*
privacy:person          POST   any      302 405*
privacy:take_person     GET    any      302 405*
privacy:take_person     POST   own      302 404 404 404 404 404 404 404 302 404
privacy:take_person     POST   child    302 404 404 404 404 404 404 404 302 404
privacy:take_person     POST   foreign  302 404*
privacy:ask_erasure     GET    own      302 404 404 404 404 404 404 404 200 404
privacy:ask_erasure     GET    child    302 404 404 404 404 404 404 404 200 404
privacy:ask_erasure     GET    foreign  302 404*
privacy:ask_erasure     POST   own      302 404 404 404 404 404 404 404 422 404
privacy:ask_erasure     POST   child    302 404 404 404 404 404 404 404 422 404
privacy:ask_erasure     POST   foreign  302 404*
privacy:erasures        GET    -        302 403 403 403 403 403 403 403 200 403
privacy:erasures        POST   -        302 405*
privacy:erasure         GET    own      302 403 403 403 403 403 403 403 200 403
privacy:erasure         GET    child    302 403 403 403 403 403 403 403 200 403
privacy:erasure         GET    foreign  302 403 403 403 403 403 403 403 404 403
privacy:erasure         POST   own      302 403 403 403 403 403 403 403 302 403
privacy:erasure         POST   child    302 403 403 403 403 403 403 403 302 403
privacy:erasure         POST   foreign  302 403 403 403 403 403 403 403 404 403
"""
