"""How many dossiers of the board's queue stand in each state."""

from dataclasses import replace
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from journal.questions import Among, Question, prepared, prepares
from models_registry.models import Dossier
from models_registry.querysets.conflicts import barred_from
from reviews.queries.queue import ALL, MANY, SENT, QueueFilters, asking, plain, queue

COLUMNS, TYPES = {"kind": "kind", "round": "round_id"}, {"kind": "varchar"}


def counts_by_state(user, filters: QueueFilters, *, at: datetime) -> dict[str, int]:
    """Return {state: how many pass the other filters}, of a state one does not look at MANY + 1 for any more than MANY;
    one query, two where an index of the board's dossiers tells it.

    Asked state by state of that index, a count costs a third of one in groups; what one may not judge is little, and is
    taken off afterwards.
    """
    told = plain(replace(filters, state=ALL))
    if told is None:
        counts = _passed(queue(user, replace(filters, state=ALL), at=at))
    else:
        barred = barred_from(user)
        beside = [state for state in SENT if filters.state not in (state, ALL)]
        counts = _tally(user.post.unit_id, told, beside=beside, most=MANY + 1 + len(barred))
        for state, count in _hidden(*told, barred=barred, **told) if barred else ():
            counts[state] -= count
    full = {state: count if filters.state in (state, ALL) else min(count, MANY + 1) for state, count in counts.items()}
    return {state: count for state, count in full.items() if count}


@Question
def _hidden(*told: str):
    return _grouped(asking(Dossier.objects.filter(Among("pk", "barred"), state__in=SENT), told))


def _passed(dossiers) -> dict[str, int]:
    """Return {state: how many}; each added up as it comes, as thousands would be sorted to be grouped. One query."""
    return dossiers.aggregate(**{state.value: Count("pk", filter=Q(state=state)) for state in SENT})


def _grouped(dossiers):
    return dossiers.order_by().values_list("state").annotate(count=Count("*"))


def _tally(body: int, told: dict, *, beside: list[str], most: int) -> dict[str, int]:
    """Return {state: how many of a board's dossiers, as told; of those `beside` at most so many}; one query."""
    columns = {"body_id": body} | {COLUMNS[name]: value for name, value in told.items()}
    values, cached = columns | {"most": most}, prepares()
    places = {name: f"${n}" if cached else f"%({name})s" for n, name in enumerate(values, start=1)}
    where = " AND ".join(f"{column} = {places[column]}" for column in columns)
    limit = dict.fromkeys(beside, f" LIMIT {places['most']}")
    one = "(SELECT COUNT(*) FROM (SELECT 1 FROM models_registry_dossier WHERE state = '{}' AND {}{}) few)"
    sql = "SELECT " + ", ".join(one.format(state.value, where, limit.get(state, "")) for state in SENT)
    with connection.cursor() as cursor:
        if cached:
            name = prepared(sql, f"({', '.join(TYPES.get(column, 'bigint') for column in values)})")
            cursor.execute(f"EXECUTE {name} ({', '.join(['%s'] * len(values))})", list(values.values()))
        else:
            cursor.execute(sql, values)
        return dict(zip(SENT, cursor.fetchone(), strict=True))
