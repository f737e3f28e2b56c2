"""Who may not judge which dossier (docs/adr/0011-conflicts-out-of-sight.md): one definition for lists and for one.

Each rule finds the dossiers it bars a person from, so that a list leaves them out and a page names the rule.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, models
from django.db.models import F, Q

from models_registry.lifecycle import State
from organizations.models import Post

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


# A post that ended counts for what was begun before, so that nobody judges what they left behind them.
_POST_OF_DOSSIER = "(post.ends_at IS NULL OR dossier.created_at < post.ends_at)"
# All below a path, in any collation: digits end before a letter.
_BELOW = "{0}.path > {1}.path AND {0}.path < {1}.path || 'x'"
# Whom the board appraises for is above everybody's posts there; those who sit in it are no family of all below.
_NOT_OF_THE_SERVED = f"""post.role NOT IN ('appraiser', 'head') AND NOT EXISTS (
    SELECT 1 FROM organizations_appraisallink link JOIN organizations_unit served ON served.id = link.serves_id
    WHERE link.body_id = dossier.body_id AND link.valid_to IS NULL
      AND (served.id = post.unit_id OR {_BELOW.format("served", "post")}))"""  # noqa: S608
_PREFIXES = " UNION ALL ".join(f"SELECT {8 * n} AS n" for n in range(1, 15))
_STANDING = "said.person_id = person.id AND said.lifted_at IS NULL"
_OF_DELEGATION = "(delegation.ends_at IS NULL OR dossier.created_at < delegation.ends_at)"

# From `person` or `post` (one row for each of the person's, with its unit's path) to `dossier`.
RULES = (
    (AUTHOR, "person JOIN models_registry_dossier dossier ON dossier.author_id = person.id"),
    (AUTHOR, "person JOIN models_registry_dossier dossier ON dossier.submitted_by_id = person.id"),
    (UNIT, f"post JOIN models_registry_dossier dossier ON dossier.unit_id = post.unit_id AND {_POST_OF_DOSSIER}"),
    (
        CO_UNIT,
        f"""post JOIN models_registry_dossier_co_units shared ON shared.unit_id = post.unit_id
        JOIN models_registry_dossier dossier ON dossier.id = shared.dossier_id AND {_POST_OF_DOSSIER}""",
    ),
    (
        FAMILY,
        f"""post JOIN organizations_unit below ON {_BELOW.format("below", "post")}
        JOIN models_registry_dossier dossier ON dossier.unit_id = below.id AND {_POST_OF_DOSSIER}
        AND {_NOT_OF_THE_SERVED}""",
    ),
    (
        FAMILY,
        f"""post JOIN ({_PREFIXES}) prefix ON prefix.n < LENGTH(post.path)
        JOIN organizations_unit above ON above.path = SUBSTR(post.path, 1, prefix.n)
        JOIN models_registry_dossier dossier ON dossier.unit_id = above.id AND {_POST_OF_DOSSIER}
        AND {_NOT_OF_THE_SERVED}""",
    ),
    *(
        (
            STAND_IN,
            f"""person JOIN organizations_post own ON own.person_id = person.id
            JOIN organizations_post delegation ON {pair}
            JOIN organizations_post other ON other.id = {other}
            JOIN models_registry_dossier dossier ON dossier.{wrote} = other.person_id AND {_OF_DELEGATION}""",
        )
        for pair, other in (
            ("delegation.id = own.id", "delegation.delegated_from_id"),
            ("delegation.delegated_from_id = own.id", "delegation.id"),
        )
        for wrote in ("author_id", "submitted_by_id")
    ),
    (
        EXEMPLAR,
        """person JOIN models_registry_exemplar exemplar
            ON exemplar.folded_name = person.folded_name AND exemplar.folded_name <> ''
        JOIN models_registry_practicemodel practice ON practice.id = exemplar.practice_id
        JOIN models_registry_dossier dossier ON dossier.id = practice.dossier_id""",
    ),
    (
        DECLARED,
        f"""person JOIN models_registry_conflictdeclaration said ON {_STANDING}
        JOIN models_registry_dossier dossier ON dossier.id = said.dossier_id""",
    ),
    (
        DECLARED,
        f"""person JOIN models_registry_conflictdeclaration said ON {_STANDING}
        JOIN organizations_unit top ON top.id = said.unit_id
        JOIN organizations_unit below ON below.path >= top.path AND below.path < top.path || 'x'
        JOIN models_registry_dossier dossier ON dossier.unit_id = below.id""",
    ),
)
_SQL = """
WITH person AS (SELECT id, folded_name FROM organizations_person WHERE id IN ({people})),
post AS (
    SELECT held.person_id AS id, held.unit_id, held.role, held.ends_at, unit.path
    FROM organizations_post held JOIN organizations_unit unit ON unit.id = held.unit_id
    WHERE held.person_id IN ({people}))
SELECT DISTINCT found.person, found.dossier, found.rule FROM ({branches}) found
WHERE NOT EXISTS (
    SELECT 1 FROM models_registry_conflictoverride cleared
    WHERE cleared.dossier_id = found.dossier AND cleared.person_id = found.person
      AND cleared.version = found.version AND cleared.granted AND found.state IN ('submitted', 'under_appraisal'))
"""


def conflicts(people: Iterable[int], *, body: int, dossiers: Iterable[int] | None = None) -> dict[int, dict[int, set]]:
    """Return {person id: {dossier id: rules}} of what bars people from judging a board's dossiers, or these of them.

    What is granted in spite of it is left out. One query; the rows are few, and each rule starts at the person.
    """
    found = {pk: defaultdict(set) for pk in people}
    # A plus keeps either database from starting at all the dossiers of the board.
    within = f"+dossier.body_id = {int(body)}"
    if dossiers is not None:
        within += f" AND dossier.id IN ({_listed(dossiers)})"
    chosen = "{0}.id AS person, dossier.id AS dossier, dossier.version AS version, dossier.state AS state"
    branches = " UNION ALL ".join(
        f"SELECT '{rule}' AS rule, {chosen.format(start.split()[0])} FROM {start} WHERE {within}"  # noqa: S608
        for rule, start in RULES
    )
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(people=_listed(found), branches=branches))
        for person, dossier, rule in cursor.fetchall():
            found[person][dossier].add(rule)
    return found


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(str(int(pk)) for pk in ids) or "NULL"


def barred_from(user) -> frozenset[int]:
    """Return the ids of the own board's dossiers the person may not judge; asked once a request, one query."""
    known = getattr(user, "_barred_from", None)
    if known is None or known[0] != user.post.pk:
        known = (user.post.pk, frozenset(conflicts([user.pk], body=user.post.unit_id)[user.pk]))
        user._barred_from = known
    return known[1]


def is_barred(user, dossier) -> bool:
    """Whether the person may not judge a dossier that was sent, asked anew; one query."""
    if dossier.body_id is None:
        return False
    return dossier.pk in conflicts([user.pk], body=dossier.body_id, dossiers=[dossier.pk])[user.pk]


def unbarred(people: Iterable, dossier) -> list:
    """Return those of these people who may hear of a dossier at its board; one query, none without people."""
    people = list(people)
    if not people:
        return people
    found = conflicts([one.pk for one in people], body=dossier.body_id, dossiers=[dossier.pk])
    return [one for one in people if dossier.pk not in found[one.pk]]
