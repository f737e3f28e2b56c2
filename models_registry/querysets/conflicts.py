"""Who may not judge which dossier (docs/adr/0011-conflicts-out-of-sight.md): one definition for lists and for one.

Each rule finds the dossiers it bars a person from, so that a list leaves them out and a page names the rule.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from django.db import connection, models
from django.db.models import F, Q

from journal.questions import prepared, prepares
from models_registry.lifecycle import State
from organizations.models import Post
from organizations.permissions import REACH, Reach

UNIT, CO_UNIT, FAMILY = "unit", "co_unit", "family"
AUTHOR, STAND_IN, EXEMPLAR, DECLARED = "author", "stand_in", "exemplar", "declared"


class ConflictDeclarationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those by oneself and about oneself; to a head those about all of the own board's people.

        Nobody is told of which dossier somebody else declared it about them.
        """
        seen = Q(person=user.pk) | Q(declared_by=user.pk)
        if user.post is not None and user.post.role == Post.Role.HEAD:
            seen |= Q(body=user.post.unit_id)
        return self.filter(seen).exclude(~Q(declared_by=user.pk), person=user.pk, dossier__isnull=False)

    def standing(self):
        return self.filter(lifted_at__isnull=True)


class ConflictOverrideQuerySet(models.QuerySet):
    def open(self):
        """Asked for and not answered yet."""
        return self.of_this_round().filter(answered_at__isnull=True)

    def in_force(self):
        """Granted, and the dossier has not left the board since; the twin of what `conflicts` leaves out."""
        return self.of_this_round().filter(granted=True)

    def of_this_round(self):
        """Of the version that is before the board now."""
        at_board = Q(dossier__state__in=[State.SUBMITTED, State.UNDER_APPRAISAL])
        return self.filter(at_board, version=F("dossier__version"))


# All below a path, in any collation: digits end before a letter.
_BELOW = "{0}.path > {1}.path AND {0}.path < {1}.path || 'x'"
# Whom the board appraises for is above everybody's posts there; those who sit in it are no family of all below.
_NOT_OF_THE_SERVED = f"""post.role NOT IN ('appraiser', 'head') AND NOT EXISTS (
    SELECT 1 FROM organizations_appraisallink link JOIN organizations_unit served ON served.id = link.serves_id
    WHERE link.body_id = {{body}} AND link.valid_to IS NULL
      AND (served.id = post.unit_id OR {_BELOW.format("served", "post")}))"""  # noqa: S608
_PREFIXES = " UNION ALL ".join(f"SELECT {8 * n} AS n" for n in range(1, 15))

# Each rule as rows of (rule, person, key, ended): the dossiers of that key bar the person from judging, where a post
# that `ended` counts for what was begun before, so that nobody judges what they left behind them. `person` and `post`
# hold a row for each of the people and of their posts; `near` keeps to the units of the dossiers asked about.
WRITERS = f"""
SELECT '{AUTHOR}' AS rule, id AS person, id AS key, NULL AS ended FROM person
UNION ALL
SELECT '{STAND_IN}', post.person, other.person_id, post.ended
FROM post JOIN organizations_post other ON other.id = post.delegated_from_id
UNION ALL
SELECT '{STAND_IN}', post.person, other.person_id, other.ends_at
FROM post JOIN organizations_post other ON other.delegated_from_id = post.id
"""  # noqa: S608
UNITS = f"""
SELECT '{UNIT}' AS rule, person, unit_id AS key, ended FROM post
UNION ALL
SELECT '{FAMILY}', post.person, below.id, post.ended
FROM post JOIN organizations_unit below ON {_BELOW.format("below", "post")}
WHERE {_NOT_OF_THE_SERVED} AND {{near}}
UNION ALL
SELECT '{FAMILY}', post.person, above.id, post.ended
FROM post JOIN ({_PREFIXES}) prefix ON prefix.n < LENGTH(post.path)
JOIN organizations_unit above ON above.path = SUBSTR(post.path, 1, prefix.n)
WHERE {_NOT_OF_THE_SERVED}
UNION ALL
SELECT '{DECLARED}', said.person_id, below.id, NULL
FROM models_registry_conflictdeclaration said JOIN organizations_unit top ON top.id = said.unit_id
JOIN organizations_unit below ON below.path >= top.path AND below.path < top.path || 'x'
WHERE said.person_id {{people}} AND said.lifted_at IS NULL AND said.unit_id IS NOT NULL AND {{near}}
"""  # noqa: S608
NAMED = f"""
SELECT '{DECLARED}' AS rule, said.person_id AS person, said.dossier_id AS key, NULL AS ended
FROM models_registry_conflictdeclaration said
WHERE said.person_id {{people}} AND said.lifted_at IS NULL AND said.dossier_id IS NOT NULL
UNION ALL
SELECT '{CO_UNIT}', post.person, shared.dossier_id, post.ended
FROM post JOIN models_registry_dossier_co_units shared ON shared.unit_id = post.unit_id
UNION ALL
SELECT '{EXEMPLAR}', person.id, practice.dossier_id, NULL
FROM person JOIN models_registry_exemplar exemplar
    ON exemplar.folded_name = person.folded_name AND exemplar.folded_name <> ''
JOIN models_registry_practicemodel practice ON practice.id = exemplar.practice_id
"""  # noqa: S608
KEYS = {"author_id": "writer", "submitted_by_id": "writer", "unit_id": "place", "id": "named"}
# The keys are few, which no statistics tell: each finds its dossiers by an index, and no plan reads the whole table.
_BY_INDEX = """{keys} found CROSS JOIN LATERAL (SELECT * FROM models_registry_dossier dossier
    WHERE dossier.{column} = found.key AND {within} OFFSET 0) dossier"""
# SQLite joins in the order in which a CROSS JOIN names.
_IN_ORDER = "{keys} found CROSS JOIN models_registry_dossier dossier ON dossier.{column} = found.key AND {within}"
_BRANCH = """SELECT found.rule, found.person, dossier.id AS dossier, dossier.version, dossier.state
    FROM {each} WHERE found.ended IS NULL OR dossier.created_at < found.ended"""
_SQL = f"""
WITH person AS (SELECT id, folded_name FROM organizations_person WHERE id {{people}}),
post AS (
    SELECT held.id, held.person_id AS person, held.unit_id, held.role, held.ends_at AS ended, held.delegated_from_id,
        unit.path
    FROM organizations_post held LEFT JOIN organizations_unit unit ON unit.id = held.unit_id
    WHERE held.person_id {{people}}),
writer AS ({WRITERS}), place AS ({UNITS}), named AS ({NAMED})
SELECT DISTINCT person, dossier, rule FROM ({{branches}}) barred
WHERE NOT EXISTS (
    SELECT 1 FROM models_registry_conflictoverride cleared
    WHERE cleared.dossier_id = barred.dossier AND cleared.person_id = barred.person
      AND cleared.version = barred.version AND cleared.granted AND barred.state IN ('submitted', 'under_appraisal'))
"""  # noqa: S608


def conflicts(people: Iterable[int], *, body: int, dossiers: Iterable[int] | None = None) -> dict[int, dict[int, set]]:
    """Return {person id: {dossier id: rules}} of what bars people from judging a board's dossiers, or these of them.

    What is granted in spite of it is left out. One query; the rows are few, and each rule starts at the person.
    """
    found = {pk: defaultdict(set) for pk in people}
    asked = [list(found), int(body), *([] if dossiers is None else [list(dossiers)])]
    with connection.cursor() as cursor:
        if prepares():
            places, types = ("= ANY($1)", "$2", "= ANY($3)"), ("bigint[]", "bigint", "bigint[]")
            sql = _sql(*places[: len(asked)], each=_BY_INDEX)
            name = prepared(sql, f"({', '.join(types[: len(asked)])})")
            cursor.execute(f"EXECUTE {name} ({', '.join(['%s'] * len(asked))})", asked)
        else:
            told = (f"IN ({_listed(one)})" if isinstance(one, list) else one for one in asked)
            cursor.execute(_sql(*told, each=_BY_INDEX if connection.vendor == "postgresql" else _IN_ORDER))
        for person, dossier, rule in cursor.fetchall():
            found[person][dossier].add(rule)
    return found


@lru_cache(maxsize=8)
def _sql(people: str, body: str | int, dossiers: str | None = None, *, each: str) -> str:
    """Return the statement, with the people, the board and the dossiers as they are put into it."""
    # A plus keeps either database from starting at all the dossiers of the board.
    within, near = f"+dossier.body_id = {body}", "TRUE"
    if dossiers is not None:
        within += f" AND dossier.id {dossiers}"
        near = f"below.id IN (SELECT unit_id FROM models_registry_dossier WHERE id {dossiers})"  # noqa: S608
    branches = " UNION ALL ".join(
        _BRANCH.format(each=each.format(keys=keys, column=column, within=within)) for column, keys in KEYS.items()
    )
    return _SQL.format(people=people, body=body, near=near, branches=branches)


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(str(int(pk)) for pk in ids) or "NULL"


def barred_from(user) -> frozenset[int]:
    """Return the ids of the own board's dossiers the person may not judge; asked once a request, one query."""
    known = getattr(user, "_barred_from", None)
    if known is None or known[0] != user.post.pk:
        known = (user.post.pk, frozenset(conflicts([user.pk], body=user.post.unit_id)[user.pk]))
        user._barred_from = known
    return known[1]


def barred_at_work(user) -> frozenset[int]:
    """Return what `barred_from` does of somebody acting for a board, nothing of anybody else; at most one query."""
    return barred_from(user) if acts_for_a_board(user) else frozenset()


def acts_for_a_board(user) -> bool:
    return user.post is not None and REACH[user.post.role] is Reach.SERVED


def without_barred(rows: models.QuerySet, user, of: str = "dossier") -> models.QuerySet:
    """Leave out the rows `of` dossiers a person of a board may not judge; at most one query a request."""
    barred = barred_at_work(user)
    return rows.exclude(**{f"{of}__in": barred}) if barred else rows


def is_barred(user, dossier) -> bool:
    """Whether the person may not judge a dossier that was sent, asked anew; one query."""
    return user.pk in barred_among([user], dossier)


def unbarred(people: Iterable, dossier) -> list:
    """Return those of these people who may hear of a dossier at its board; one query, none without anybody."""
    people = list(people)
    barred = barred_among(people, dossier)
    return [one for one in people if one.pk not in barred]


def barred_among(people: Iterable, dossier) -> frozenset[int]:
    """Return the ids of those of these people who may not judge a dossier, none of what was not sent; asked anew, one
    query, none without anybody."""
    asked = {one.pk for one in people}
    if not asked or dossier is None or dossier.body_id is None:
        return frozenset()
    found = conflicts(asked, body=dossier.body_id, dossiers=[dossier.pk])
    return frozenset(pk for pk in asked if dossier.pk in found[pk])
