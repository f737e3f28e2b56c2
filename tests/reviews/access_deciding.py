"""Who reaches the two levels of decision: send back, prepare, announce, take back, reopen."""

from django.utils import timezone

from reviews.models import Announcement, Bulk, BulkLine, Decision
from tests.factories import AT, person


def objects(waiting, proposed) -> dict:
    """Return what the URLs show; `waiting` and `proposed` make a dossier at (world, unit)."""

    def prepared(world, unit):
        dossier = proposed(world, unit)
        head = _side(world, unit)[1]["head"]
        Decision.objects.create(version=dossier.versions.get(), outcome="approved", by=head, prepared_at=AT)
        return dossier

    def decided(world, unit):
        """A dossier another head has refused."""
        dossier = waiting(world, unit)
        dossier.state = "rejected"
        dossier.save()
        version, other = dossier.versions.get(), person(_side(world, unit)[0].board, "head", "Phó ban")
        Decision.objects.create(
            version=version, outcome="rejected", reason="Chưa đạt yêu cầu", by=other, prepared_at=AT, announced_at=AT
        )
        return dossier

    def planned(world, unit):
        side, people = _side(world, unit)
        return Announcement.objects.create(body=side.board, by=people["head"], made_at=AT, due_at=AT)

    def rehearsed(world, unit):
        side, people = _side(world, unit)
        dossier = proposed(world, unit)
        bulk = Bulk.objects.create(body=side.board, by=people["head"], act="approve", rehearsed_at=timezone.now())
        BulkLine.objects.create(bulk=bulk, dossier=dossier, edition=dossier.edition)
        return bulk

    made = {f"bulk{name}": rehearsed for name in ("", "_confirm", "_outcome")}
    made |= {"send_back": proposed, "undo": prepared, "reopen": decided, "call_off": planned}
    return {f"reviews:{name}": _at(make) for name, make in made.items()}


def _side(world, unit):
    return (world.a, world.people) if unit.path.startswith(world.a.top.path) else (world.b, world.b_people)


def _at(make):
    return lambda world, unit: {"pk": make(world, unit).pk}


ROWS = """
# url               method place    ano sec dep cle com app hea lea adm non
reviews:send_back   GET    any      302 405*
reviews:send_back   POST   own      302 403 403 403 403 404 404 403 404 404
reviews:send_back   POST   child    302 404 404 404 403 403 422 403 404 404
reviews:send_back   POST   foreign  302 404*
reviews:undo        GET    any      302 405*
reviews:undo        POST   own      302 403 403 403 403 404 404 403 404 404
reviews:undo        POST   child    302 404 404 404 403 403 302 403 404 404
reviews:undo        POST   foreign  302 404*
reviews:reopen      GET    own      302 403 403 403 403 404 404 403 404 404
reviews:reopen      GET    child    302 404 404 404 403 403 200 200 404 404
reviews:reopen      GET    foreign  302 404*
reviews:reopen      POST   own      302 403 403 403 403 404 404 403 404 404
reviews:reopen      POST   child    302 404 404 404 403 403 422 422 404 404
reviews:reopen      POST   foreign  302 404*
reviews:bulk_choose GET    -        302 403 403 403 403 200 200 403 403 403
reviews:bulk_choose POST   -        302 403 403 403 403 422 422 403 403 403
reviews:bulk        GET    own      302 404 404 404 404 200 200 404 404 404
reviews:bulk        GET    child    302 404 404 404 404 200 200 404 404 404
reviews:bulk        GET    foreign  302 404*
reviews:bulk        POST   any      302 405*
reviews:bulk_confirm GET   any      302 405*
reviews:bulk_confirm POST  own      302 404 404 404 404 403 302 404 404 404
reviews:bulk_confirm POST  child    302 404 404 404 404 403 302 404 404 404
reviews:bulk_confirm POST  foreign  302 404*
reviews:bulk_outcome GET   own      302 404 404 404 404 200 200 404 404 404
reviews:bulk_outcome GET   child    302 404 404 404 404 200 200 404 404 404
reviews:bulk_outcome GET   foreign  302 404*
reviews:bulk_outcome POST  any      302 405*
reviews:prepared    GET    -        302 403 403 403 403 200 200 403 403 403
reviews:prepared    POST   -        302 405*
reviews:announce    GET    -        302 405*
reviews:announce    POST   -        302 403 403 403 403 403 422 403 403 403
reviews:call_off    GET    any      302 405*
reviews:call_off    POST   own      302 404 404 404 404 403 302 404 404 404
reviews:call_off    POST   child    302 404 404 404 404 403 302 404 404 404
reviews:call_off    POST   foreign  302 404*
"""
