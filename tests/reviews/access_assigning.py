"""Giving dossiers out and conflicts of interest, as tests/reviews/access.py takes them."""

import datetime as dt

from models_registry.models import ConflictDeclaration, ConflictOverride
from reviews.models import Absence, AssignmentRule
from tests.factories import AT

REASON = "Người thân là bí thư của đơn vị."


def _side(world, unit):
    ours = unit.path.startswith(world.a.top.path)
    return (world.a.board, world.people) if ours else (world.b.board, world.b_people)


def a_rule(world, unit):
    board, people = _side(world, unit)
    return AssignmentRule.objects.create(body=board, appraiser=people["appraiser"], made_by=people["head"], made_at=AT)


def an_absence(world, unit):
    board, people = _side(world, unit)
    day = dt.date(2026, 1, 6)
    return Absence.objects.create(
        body=board, person=people["appraiser"], first_day=day, last_day=day, made_by=people["head"], made_at=AT
    )


def declared(world, unit):
    board, people = _side(world, unit)
    who = people["appraiser"]
    return ConflictDeclaration.objects.create(
        body=board, person=who, unit=board, reason=REASON, declared_by=who, declared_at=AT
    )


def asked(waiting):
    """An override for the district's appraiser, asked for by somebody who answers no other."""

    def make(world, unit):
        _board, people = _side(world, unit)
        return ConflictOverride.objects.create(
            dossier=waiting(world, unit), version=1, person=people["appraiser"], reason=REASON,
            requested_by=people["clerk"], requested_at=AT,
        )  # fmt: skip

    return make


ROWS = """
reviews:assigning       GET  -       302 403 403 403 403 403 200 403 403 403
reviews:assigning       POST -       302 403 403 403 403 403 200 403 403 403
reviews:rules           GET  -       302 403 403 403 403 403 200 403 403 403
reviews:rules           POST -       302 403 403 403 403 403 422 403 403 403
reviews:drop_rule       GET  any     302 405*
reviews:drop_rule       POST own     302 404 404 404 404 403 302 404 404 404
reviews:drop_rule       POST child   302 404 404 404 404 403 302 404 404 404
reviews:drop_rule       POST foreign 302 404*
reviews:absences        GET  -       302 403 403 403 403 200 200 403 403 403
reviews:absences        POST -       302 403 403 403 403 422 422 403 403 403
reviews:drop_absence    GET  any     302 405*
reviews:drop_absence    POST own     302 404 404 404 404 302 302 404 404 404
reviews:drop_absence    POST child   302 404 404 404 404 302 302 404 404 404
reviews:drop_absence    POST foreign 302 404*
reviews:conflicts       GET  -       302 403 403 403 403 200 200 200 200 403
reviews:conflicts       POST -       302 403 403 403 403 422 422 403 403 403
reviews:lift_conflict   GET  own     302 404 404 404 404 403 200 404 404 404
reviews:lift_conflict   GET  child   302 404 404 404 404 403 200 404 404 404
reviews:lift_conflict   GET  foreign 302 404*
reviews:lift_conflict   POST own     302 404 404 404 404 403 422 404 404 404
reviews:lift_conflict   POST child   302 404 404 404 404 403 422 404 404 404
reviews:lift_conflict   POST foreign 302 404*
reviews:answer_override GET  own     302 404 404 404 404 404 404 200 200 404
reviews:answer_override GET  child   302 404 404 404 404 404 200 200 200 404
reviews:answer_override GET  foreign 302 404*
reviews:answer_override POST own     302 404 404 404 404 404 404 422 422 404
reviews:answer_override POST child   302 404 404 404 404 404 422 422 422 404
reviews:answer_override POST foreign 302 404*
reviews:who             GET  own     302 403 403 403 403 404 404 200 404 404
reviews:who             GET  child   302 404 404 404 403 200 200 200 404 404
reviews:who             GET  foreign 302 404*
reviews:who             POST any     302 405*
reviews:assign          GET  any     302 405*
reviews:assign          POST own     302 403 403 403 403 404 404 403 404 404
reviews:assign          POST child   302 404 404 404 403 403 302 403 404 404
reviews:assign          POST foreign 302 404*
reviews:declare_conflict GET own     302 403 403 403 403 404 404 403 404 404
reviews:declare_conflict GET child   302 404 404 404 403 200 200 403 404 404
reviews:declare_conflict GET foreign 302 404*
reviews:declare_conflict POST own    302 403 403 403 403 404 404 403 404 404
reviews:declare_conflict POST child  302 404 404 404 403 422 422 403 404 404
reviews:declare_conflict POST foreign 302 404*
reviews:ask_override    GET  own     302 403 403 403 403 404 404 200 404 404
reviews:ask_override    GET  child   302 404 404 404 403 200 200 200 404 404
reviews:ask_override    GET  foreign 302 404*
reviews:ask_override    POST own     302 403 403 403 403 404 404 422 404 404
reviews:ask_override    POST child   302 404 404 404 403 422 422 422 404 404
reviews:ask_override    POST foreign 302 404*
"""
