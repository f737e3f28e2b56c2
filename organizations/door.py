"""The one question every page asks: who is at the door, with which posts, and how far each reaches."""

from django.apps import apps
from django.db import models

from journal.questions import Blank, Question


@Question
def posts_at_the_door():
    who, at = Blank("person"), Blank("at", models.DateTimeField())
    posts = apps.get_model("organizations.Post").objects.at_hand(at).filter(person=who).order_by("id")
    unread = apps.get_model("journal.Notice").objects.unread_total(who)
    told = {"served": ServedPaths("unit_id"), "line": CameFrom("unit_id")}
    return posts.select_related("person", "unit").annotate(unread_notices=unread, **told)


class ServedPaths(models.Func):
    """`Post.served_paths` of a unit (by id) in one text, unsorted; written out, as every page asks it."""

    function = "string_agg"
    template = (
        "(SELECT %(function)s(serves.path, ' ')"
        " FROM organizations_appraisallink link JOIN organizations_unit serves ON serves.id = link.serves_id"
        " WHERE link.body_id = %(expressions)s AND link.valid_to IS NULL)"
    )
    output_field = models.TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="group_concat", **context)


class CameFrom(models.Func):
    """`Post.came_from` of a unit (by id) in one text, unsorted; written out, as every page asks it."""

    function = "string_agg"
    template = (
        "(WITH RECURSIVE line (id) AS ("
        "SELECT predecessor_id FROM organizations_succession WHERE successor_id = %(expressions)s"
        " AND kind IN ('merge', 'split') UNION SELECT s.predecessor_id FROM organizations_succession s"
        " JOIN line l ON s.successor_id = l.id WHERE s.kind IN ('merge', 'split'))"
        " SELECT %(function)s(CAST(id AS TEXT), ' ') FROM line)"
    )
    output_field = models.TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="group_concat", **context)
