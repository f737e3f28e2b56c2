from types import SimpleNamespace

from reviews.models import Assignment, Signal
from tests.factories import AT
from tests.reviews import access_assigning, access_deciding, factories, papers


def waiting(world, unit):
    """A dossier of the unit that waits at its district's board."""
    side, people = (world.a, world.people) if unit.path.startswith(world.a.top.path) else (world.b, world.b_people)
    district = SimpleNamespace(board=side.board, cell=side.cell, secretary=people["secretary"])
    return factories.sent(district, factories.judged_round(district), unit=unit)


def proposed(world, unit):
    """The same, held by its district's appraiser and proposed for approval."""
    dossier = waiting(world, unit)
    people = world.people if dossier.body_id == world.a.board.pk else world.b_people
    dossier.state = "under_appraisal"
    dossier.save()
    Assignment.objects.create(
        dossier=dossier, appraiser=people["appraiser"], taken_at=AT, proposed="approve", proposed_at=AT
    )
    return dossier


def asked(world, unit):
    """A question about the unit, put to its district's board."""
    board = world.a.board if unit.path.startswith(world.a.top.path) else world.b.board
    kept = {"kind": "last_day", "key": f"{unit.pk}:2026:1", "year": 2026, "found_at": AT}
    facts = {"count": 3, "all": 3, "quarter": 1, "year": 2026}
    return Signal.objects.create(body=board, unit=unit, facts=facts, **kept)


def decided(world, unit):
    """The same, approved."""
    dossier = proposed(world, unit)
    people = world.people if dossier.body_id == world.a.board.pk else world.b_people
    papers.decision_on(dossier, by=people["head"])
    return dossier


def issued(world, unit):
    """A decision its district's head issued of it."""
    dossier = decided(world, unit)
    side, people = (world.a, world.people) if dossier.body_id == world.a.board.pk else (world.b, world.b_people)
    return papers.issued_decision(side.board, people["head"], dossier)


def held_session(world, unit):
    dossier = waiting(world, unit)
    return papers.session_of(dossier.body, dossier)


def scored_by_two(world, unit):
    """The same in a round that asks for two scorers, not proposed yet; the appraiser's sheet is handed in."""
    dossier = proposed(world, unit)
    dossier.round.appraisers = 2
    dossier.round.save()
    dossier.assignments.update(proposed="", proposed_at=None, finished_at=AT)
    return dossier


def _at(make):
    return lambda world, unit: {"pk": make(world, unit).pk}


OBJECTS = {f"reviews:{name}": _at(waiting) for name in ("appraise", "compare", "history", "timeline", "take")} | {
    f"reviews:{name}": _at(proposed)
    for name in ("give_back", "judge", "take_over", "return", "extend", "approve", "reject")
}
OBJECTS["reviews:signal"] = _at(asked)
OBJECTS |= {f"reviews:{name}": _at(scored_by_two) for name in ("join", "leave", "rework")}


OBJECTS |= {
    "reviews:appraisal_paper": lambda world, unit: {"pk": decided(world, unit).pk, "number": 1},
    "reviews:look": lambda world, unit: {"pk": waiting(world, unit).pk, "number": 1},
    "reviews:paper": _at(issued),
    "reviews:paper_file": lambda world, unit: {"pk": issued(world, unit).pk, "form": "docx"},
    "reviews:reissue": _at(issued),
    "reviews:session": _at(held_session),
    "reviews:edit_session": _at(held_session),
    "reviews:add_points": _at(held_session),
    "reviews:minutes": _at(held_session),
    "reviews:point": lambda world, unit: {"pk": held_session(world, unit).points.get().pk},
    "reviews:remove_point": lambda world, unit: {"pk": held_session(world, unit).points.get().pk},
    "verify_code": lambda world, unit: {"typed": issued(world, unit).shown_code},
}
OBJECTS |= access_deciding.objects(waiting, proposed)
# What the board's own unit wrote (place `own` of appraiser and head) is out of its people's sight.
OBJECTS |= {f"reviews:{name}": _at(waiting) for name in ("who", "assign", "declare_conflict", "ask_override")} | {
    "reviews:drop_rule": _at(access_assigning.a_rule),
    "reviews:drop_absence": _at(access_assigning.an_absence),
    "reviews:lift_conflict": _at(access_assigning.declared),
    "reviews:answer_override": _at(access_assigning.asked(waiting)),
}
ROWS = """
# url               method place    ano sec dep cle com app hea lea adm non
reviews:queue       GET    -        302 403 403 403 403 200 200 403 403 403
reviews:queue       POST   -        302 405*
reviews:download    GET    -        302 405*
reviews:download    POST   -        302 403 403 403 403 200 200 403 403 403
reviews:appraise    GET    own      302 403 403 403 403 404 404 403 404 404
reviews:appraise    GET    child    302 404 404 404 403 200 200 403 404 404
reviews:appraise    GET    foreign  302 404*
reviews:appraise    POST   any      302 405*
reviews:compare     GET    own      302 403 403 403 403 404 404 403 404 404
reviews:compare     GET    child    302 404 404 404 403 200 200 403 404 404
reviews:compare     GET    foreign  302 404*
reviews:compare     POST   any      302 405*
reviews:history     GET    own      302 200 200 200 200 404 404 200 404 404
reviews:history     GET    child    302 404 404 404 200 200 200 200 404 404
reviews:history     GET    foreign  302 404*
reviews:history     POST   any      302 405*
reviews:timeline    GET    own      302 200 200 200 200 404 404 200 404 404
reviews:timeline    GET    child    302 404 404 404 200 200 200 200 404 404
reviews:timeline    GET    foreign  302 404*
reviews:timeline    POST   any      302 405*
reviews:take        GET    any      302 405*
reviews:take        POST   own      302 403 403 403 403 404 404 403 404 404
reviews:take        POST   child    302 404 404 404 403 302 302 403 404 404
reviews:take        POST   foreign  302 404*
reviews:give_back   GET    any      302 405*
reviews:give_back   POST   own      302 403 403 403 403 404 404 403 404 404
reviews:give_back   POST   child    302 404 404 404 403 302 302 403 404 404
reviews:give_back   POST   foreign  302 404*
reviews:join        GET    any      302 405*
reviews:join        POST   own      302 403 403 403 403 404 404 403 404 404
reviews:join        POST   child    302 404 404 404 403 302 422 403 404 404
reviews:join        POST   foreign  302 404*
reviews:leave       GET    any      302 405*
reviews:leave       POST   own      302 403 403 403 403 404 404 403 404 404
reviews:leave       POST   child    302 404 404 404 403 422 409 403 404 404
reviews:leave       POST   foreign  302 404*
reviews:rework      GET    any      302 405*
reviews:rework      POST   own      302 403 403 403 403 404 404 403 404 404
reviews:rework      POST   child    302 404 404 404 403 302 409 403 404 404
reviews:rework      POST   foreign  302 404*
reviews:judge       GET    any      302 405*
reviews:judge       POST   own      302 403 403 403 403 404 404 403 404 404
reviews:judge       POST   child    302 404 404 404 403 302 409 403 404 404
reviews:judge       POST   foreign  302 404*
reviews:take_over   GET    any      302 405*
reviews:take_over   POST   own      302 403 403 403 403 404 404 403 404 404
reviews:take_over   POST   child    302 404 404 404 403 302 409 403 404 404
reviews:take_over   POST   foreign  302 404*
reviews:return      GET    own      302 403 403 403 403 404 404 403 404 404
reviews:return      GET    child    302 404 404 404 403 200 200 403 404 404
reviews:return      GET    foreign  302 404*
reviews:return      POST   own      302 403 403 403 403 404 404 403 404 404
reviews:return      POST   child    302 404 404 404 403 422 422 403 404 404
reviews:return      POST   foreign  302 404*
reviews:extend      GET    own      302 403 403 403 403 404 404 403 404 404
reviews:extend      GET    child    302 404 404 404 403 403 200 403 404 404
reviews:extend      GET    foreign  302 404*
reviews:extend      POST   own      302 403 403 403 403 404 404 403 404 404
reviews:extend      POST   child    302 404 404 404 403 403 422 403 404 404
reviews:extend      POST   foreign  302 404*
reviews:approve     GET    any      302 405*
reviews:approve     POST   own      302 403 403 403 403 404 404 403 404 404
reviews:approve     POST   child    302 404 404 404 403 403 302 403 404 404
reviews:approve     POST   foreign  302 404*
reviews:reject      GET    any      302 405*
reviews:reject      POST   own      302 403 403 403 403 404 404 403 404 404
reviews:reject      POST   child    302 404 404 404 403 403 422 403 404 404
reviews:reject      POST   foreign  302 404*
reviews:signals     GET    -        302 403 403 403 403 200 200 403 403 403
reviews:signals     POST   -        302 405*
reviews:signal_thresholds GET -     302 403 403 403 403 403 200 403 403 403
reviews:signal_thresholds POST -    302 403 403 403 403 403 422 403 403 403
reviews:signal      GET    own      302 403 403 403 403 404 404 403 403 403
reviews:signal      GET    child    302 403 403 403 403 200 200 403 403 403
reviews:signal      GET    foreign  302 403 403 403 403 404 404 403 403 403
reviews:signal      POST   own      302 403 403 403 403 404 404 403 403 403
reviews:signal      POST   child    302 403 403 403 403 422 422 403 403 403
reviews:signal      POST   foreign  302 403 403 403 403 404 404 403 403 403


verify              GET    -        200*
verify              POST   -        405*
verify_code         GET    any      200*
verify_code         POST   any      422*
reviews:papers      GET    -        302 403 403 403 403 200 200 403 403 403
reviews:papers      POST   -        302 405*
reviews:decision_paper GET -        302 403 403 403 403 403 200 403 403 403
reviews:decision_paper POST -       302 403 403 403 403 403 422 403 403 403
reviews:sessions    GET    -        302 403 403 403 403 200 200 403 403 403
reviews:sessions    POST   -        302 405*
reviews:new_session GET    -        302 403 403 403 403 200 200 403 403 403
reviews:new_session POST   -        302 403 403 403 403 422 422 403 403 403
reviews:appraisal_paper GET own     302 403 403 403 403 404 404 403 404 404
reviews:appraisal_paper GET child   302 404 404 404 403 200 200 403 404 404
reviews:appraisal_paper GET foreign 302 404*
reviews:appraisal_paper POST own    302 403 403 403 403 404 404 403 404 404
reviews:appraisal_paper POST child  302 404 404 404 403 422 422 403 404 404
reviews:appraisal_paper POST foreign 302 404*
reviews:paper       GET    own      302 404 404 404 404 200 200 404 404 404
reviews:paper       GET    child    302 404 404 404 404 200 200 404 404 404
reviews:paper       GET    foreign  302 404*
reviews:paper       POST   own      302 405*
reviews:paper       POST   child    302 405*
reviews:paper       POST   foreign  302 405*
reviews:paper_file  GET    own      302 200 200 200 200 200 200 200 404 404
reviews:paper_file  GET    child    302 404 404 404 200 200 200 200 404 404
reviews:paper_file  GET    foreign  302 404*
reviews:paper_file  POST   own      302 405*
reviews:paper_file  POST   child    302 405*
reviews:paper_file  POST   foreign  302 405*
reviews:reissue     GET    own      302 404 404 404 404 403 403 404 404 404
reviews:reissue     GET    child    302 404 404 404 404 403 200 404 404 404
reviews:reissue     GET    foreign  302 404*
reviews:reissue     POST   own      302 404 404 404 404 403 403 404 404 404
reviews:reissue     POST   child    302 404 404 404 404 403 422 404 404 404
reviews:reissue     POST   foreign  302 404*
reviews:session     GET    own      302 404 404 404 404 200 200 404 404 404
reviews:session     GET    child    302 404 404 404 404 200 200 404 404 404
reviews:session     GET    foreign  302 404*
reviews:session     POST   own      302 405*
reviews:session     POST   child    302 405*
reviews:session     POST   foreign  302 405*
reviews:edit_session GET    own      302 404 404 404 404 200 200 404 404 404
reviews:edit_session GET    child    302 404 404 404 404 200 200 404 404 404
reviews:edit_session GET    foreign  302 404*
reviews:edit_session POST   own      302 404 404 404 404 422 422 404 404 404
reviews:edit_session POST   child    302 404 404 404 404 422 422 404 404 404
reviews:edit_session POST   foreign  302 404*
reviews:add_points  GET    own      302 404 404 404 404 200 200 404 404 404
reviews:add_points  GET    child    302 404 404 404 404 200 200 404 404 404
reviews:add_points  GET    foreign  302 404*
reviews:add_points  POST   own      302 404 404 404 404 302 302 404 404 404
reviews:add_points  POST   child    302 404 404 404 404 302 302 404 404 404
reviews:add_points  POST   foreign  302 404*
reviews:minutes     GET    own      302 404 404 404 404 404 404 404 404 404
reviews:minutes     GET    child    302 404 404 404 404 200 200 404 404 404
reviews:minutes     GET    foreign  302 404*
reviews:minutes     POST   own      302 404 404 404 404 404 404 404 404 404
reviews:minutes     POST   child    302 404 404 404 404 422 422 404 404 404
reviews:minutes     POST   foreign  302 404*
reviews:point       GET    own      302 404 404 404 404 404 404 404 404 404
reviews:point       GET    child    302 404 404 404 404 200 200 404 404 404
reviews:point       GET    foreign  302 404*
reviews:point       POST   own      302 404 404 404 404 404 404 404 404 404
reviews:point       POST   child    302 404 404 404 404 422 422 404 404 404
reviews:point       POST   foreign  302 404*
reviews:remove_point GET    own      302 405*
reviews:remove_point GET    child    302 405*
reviews:remove_point GET    foreign  302 405*
reviews:remove_point POST   own      302 404 404 404 404 404 404 404 404 404
reviews:remove_point POST   child    302 404 404 404 404 302 302 404 404 404
reviews:remove_point POST   foreign  302 404*
"""
