"""A walk of people who try whatever there is to try on a few dossiers and their works, through the real services.

What there is to try is read from the tables of moves: a new row joins by itself, taken by the board's service of its
name, a step without one by the gate's. What is called otherwise has a row in `ACTS_AS`; `untaught` names what lacks it.
"""

import datetime as dt
import inspect
from collections import Counter

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from journal.models import Event
from models_registry.gate import StepNotOpen
from models_registry.lifecycle import EDITS, MOVES, Edit, State, Step
from models_registry.models import Dossier, WorkItem
from models_registry.replay import state_after
from models_registry.services import save_draft, take_step
from organizations.permissions import Action, may
from progress.lifecycle import ITEM_MOVES, REQUEST_STEPS
from progress.services import take_item_step
from reviews import services
from reviews.lifecycle import ACTS, JUDGE, PROPOSE, PROPOSE_REFUSAL
from reviews.queries import criteria_of
from reviews.services import Judged
from tests.factories import AT, person
from tests.models_registry import registry_factories as make

REFUSALS = (
    PermissionDenied,
    StepNotOpen,
    ValidationError,
    services.HeldByAnother,
    services.DecisionPrepared,
    Dossier.DoesNotExist,
    WorkItem.DoesNotExist,
)
REASON = "Lý do đủ dài để được nhận."
SEEN = (
    "SELECT (SELECT state FROM models_registry_dossier WHERE id = %s),"
    " (SELECT state FROM models_registry_workitem WHERE id = %s), (SELECT MAX(id) FROM journal_event)"
)


class Walk:
    """Some dossiers with one work each, everybody who may meet them, and what came of each attempt."""

    def __init__(self, district, rng, *, dossiers=4):
        self.rng, self.at = rng, AT
        self.district, self.round = district, make.opened_round(district)
        more = ((district.cell, "deputy"), (district.board, "appraiser"), (district.board, "head"))
        self.people = [one for one in vars(district).values() if hasattr(one, "post")]
        self.people += [person(unit, role) for unit, role in more]
        self.pairs = [self._begun() for _ in range(dossiers)]
        self.criteria = [one.pk for one in criteria_of(self.pairs[0][0])]
        self.outcomes = Counter()
        self.holders, self.proposed = {}, set()

    def _begun(self) -> tuple[Dossier, int]:
        dossier = make.full_model(self.district.cell, self.district.secretary, self.round)
        return dossier, dossier.items.get().pk

    def go(self, attempts: int) -> None:
        for _ in range(attempts):
            self.at += dt.timedelta(seconds=20)
            self._attempt(self.rng.randrange(len(self.pairs)))

    def go_among_others(self, attempts: int) -> None:
        """Try as often while others walk too: what stands before and after an attempt is then not its own doing."""
        for _ in range(attempts):
            dossier, item = self.rng.choice(self.pairs)
            self._taken(dossier, item, *self._chosen(dossier.pk, *self._seen(dossier, item)[:2]))

    def _attempt(self, n: int) -> None:
        dossier, item = self.pairs[n]
        before = self._seen(dossier, item)
        if self._taken(dossier, item, *self._chosen(dossier.pk, *before[:2])):
            self._check(before, self._seen(dossier, item))
        else:
            assert self._seen(dossier, item) == before
        if before[0] in ENDS and self.rng.random() < ENDS[before[0]]:
            self.pairs[n] = self._begun()

    def _taken(self, dossier: Dossier, item: int, name: str, by) -> bool:
        try:
            with transaction.atomic():
                self._try(name, dossier, item, by)
        except REFUSALS as refused:
            self.outcomes[type(refused).__name__] += 1
            return False
        self.outcomes[name] += 1
        self.holders |= {dossier.pk: by} if name == Step.TAKE else {}
        self.proposed = self.proposed | {dossier.pk} if name in PROPOSALS else self.proposed - {dossier.pk}
        return True

    def _check(self, before, after) -> None:
        """Nothing moved without its event, and no event tells of a move outside the tables."""
        events = list(Event.objects.filter(pk__gt=before[2]).order_by("pk"))
        of = {subject: [one for one in events if one.subject == subject] for subject in ("dossier", "workitem")}
        assert after[0] == state_after(before[0], of["dossier"], MOVES)
        begun = "in_progress" if (before[1], after[0]) == ("planned", "approved") else before[1]
        assert after[1] == state_after(begun, of["workitem"], ITEM_MOVES)

    def _seen(self, dossier: Dossier, item: int) -> tuple:
        with connection.cursor() as cursor:
            cursor.execute(SEEN, [dossier.pk, item])
            return cursor.fetchone()

    def _chosen(self, dossier: int, state: str, item_state: str):
        """Return what is tried and by whom: half the time anything by anybody, else what one of the tables lets do."""
        if self.rng.random() < 0.5:
            return self.rng.choice(TRIED), self.rng.choice(self.people)
        table = ITEM_TRIED if item_state != "planned" and self.rng.random() < 0.5 else DOSSIER_TRIED
        standing = item_state if table is ITEM_TRIED else state
        open_now = [pair for pair in table.items() if standing in pair[1].sources] or [*table.items()]
        name, move = self.rng.choice(open_now)
        if move.target == State.WITHDRAWN and self.rng.random() < 0.8:
            name, move = self.rng.choice(open_now)
        # What is proposed is mostly answered before its appraiser takes it back.
        if dossier in self.proposed and self.rng.random() < 0.8:
            name = self.rng.choice(ANSWERS)
            move = DOSSIER_TRIED[name]
        if move.action == Action.APPRAISE and state in ACTS[JUDGE].sources and dossier in self.holders:
            return name, self.holders[dossier]
        return name, self.rng.choice([one for one in self.people if may(one, move.action)])

    def _try(self, name: str, dossier: Dossier, item: int, by) -> None:
        if name in ACTS_AS:
            ACTS_AS[name](self, dossier.pk, by=by, at=self.at)
        elif name in ITEM_TRIED:
            take_item_step(item, name, by=by, at=self.at, reason=REASON, on=self.at.date())
        else:
            self._step(name, dossier.pk, by=by, at=self.at)

    def _step(self, step: str, dossier: int, **who) -> None:
        service = getattr(services, step, None)
        known = {"reason": REASON, "criteria": self.criteria[:1], "remarks": {"learning": "Nêu rõ việc"}}
        if service is None:
            take_step(dossier, step, reason=REASON, **who)
        else:
            asked = inspect.signature(service).parameters
            service(dossier, **who, **{key: value for key, value in known.items() if key in asked})

    def _judge(self, dossier: int, **who) -> None:
        services.save_judgements(dossier, {pk: Judged("met") for pk in self.criteria}, **who)

    def _propose(self, dossier: int, **who) -> None:
        services.propose(dossier, "approve", **who)

    def _propose_refusal(self, dossier: int, **who) -> None:
        services.propose(dossier, "reject", reason=REASON, **who)

    def _prepare(self, dossier: int, **who) -> None:
        services.approve(dossier, announce=False, **who)

    def _write(self, dossier: int, **who) -> None:
        save_draft(dossier, fields={"title": f"Mô hình lúc {self.at:%H:%M:%S}"}, **who)


# How soon a dossier that came to its end makes room for a new one; the works of an approved one go on.
ENDS = {State.WITHDRAWN: 0.2, State.REJECTED: 0.1, State.APPROVED: 0.03}
PROPOSALS = frozenset({PROPOSE, PROPOSE_REFUSAL})
PREPARE, WRITE = "prepare", "write"
ACTS_AS = {
    JUDGE: Walk._judge,
    PROPOSE: Walk._propose,
    PROPOSE_REFUSAL: Walk._propose_refusal,
    PREPARE: Walk._prepare,
    WRITE: Walk._write,
}
DOSSIER_TRIED = {**ACTS, PREPARE: MOVES[Step.APPROVE], WRITE: EDITS[Edit.SAVE]}
ANSWERS = [Step.APPROVE, Step.REJECT, Step.REJECT, PREPARE]
# What the board decides of an item answers a request: `tests/progress/test_walk.py` walks these.
ITEM_TRIED = {step: move for step, move in ITEM_MOVES.items() if step not in REQUEST_STEPS}
TRIED = [*DOSSIER_TRIED, *ITEM_TRIED]


def untaught() -> set[str]:
    """Return the acts of the tables that the walk does not know how to try."""
    return {act for act in set(ACTS) - set(MOVES) - set(ACTS_AS) if not hasattr(services, act)}


def untaken(walk: Walk) -> set[str]:
    """Return the steps of the dossier's table that nobody managed to take."""
    return set(MOVES) - set(walk.outcomes)
