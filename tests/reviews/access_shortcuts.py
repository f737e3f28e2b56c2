from reviews.models import CannedRemark, SavedFilter
from tests.factories import AT


def canned(world, unit):
    """A sentence of the board of the unit's district, written by its appraiser."""
    side, people = (world.a, world.people) if unit.path.startswith(world.a.top.path) else (world.b, world.b_people)
    kept = CannedRemark.objects.create(body=side.board, text=f"Câu mẫu {unit.pk}", by=people["appraiser"], at=AT)
    return {"pk": kept.pk}


def own_filter(world, unit):
    """A filter of the head's; nobody else's."""
    kept = SavedFilter.objects.create(person=world.people["head"], name=f"{unit.pk}", address="", at=AT)
    return {"pk": kept.pk}


OBJECTS = {"reviews:drop_remark": canned, "reviews:drop_filter": own_filter}
ROWS = """
# url                method place   ano sec dep cle com app hea lea adm non
reviews:remarks      GET    -       302 403 403 403 403 200 200 403 403 403
reviews:remarks      POST   -       302 403 403 403 403 422 422 403 403 403
reviews:drop_remark  GET    any     302 405*
reviews:drop_remark  POST   own     302 404 404 404 404 302 302 404 404 404
reviews:drop_remark  POST   child   302 404 404 404 404 302 302 404 404 404
reviews:drop_remark  POST   foreign 302 404*
reviews:look         GET    any     302 405*
reviews:look         POST   own     302 403 403 403 403 404 404 403 404 404
reviews:look         POST   child   302 404 404 404 403 204 204 403 404 404
reviews:look         POST   foreign 302 404*
reviews:save_filter  GET    -       302 405*
reviews:save_filter  POST   -       302 403 403 403 403 302 302 403 403 403
reviews:drop_filter  GET    any     302 405*
reviews:drop_filter  POST   any     302 404 404 404 404 404 302 404 404 404
"""
