"""Holds every dossier and item against what the journal says of it: one row that differs is one that was changed past
the gate."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from journal.chain import digest
from journal.models import Event
from models_registry.lifecycle import EDITS, MOVES, Edit, ItemState, State, Step
from models_registry.models import Dossier, DossierVersion, WorkItem
from models_registry.replay import NoLegalMove, replay, state_after, step_of
from progress.lifecycle import ITEM_MOVES, ItemStep

AT_ONCE = 500  # rows read at a time
UNNAMED = "unname"  # somebody's name was erased from every version


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that is not what its events say; `told` and `stands` are in the words of the tables."""

    subject: str
    pk: int
    told: str
    stands: str


def first_difference(*, progress: Callable[[int, int], None] = lambda done, total: None) -> Difference | None:
    """Return the first dossier, then the first item, that the journal does not lead to; None where all is as told.

    Memory does not grow with the rows; three queries for five hundred. Imported items began outside the journal.
    """
    passes = (
        (Dossier.objects.all(), dossiers_that_differ),
        (WorkItem.objects.filter(imported=False), items_that_differ),
    )
    done, total = 0, sum(rows.count() for rows, _differing in passes)
    for rows, differing in passes:
        for chunk in _chunks(rows):
            # What moved while it was read is read again.
            doubtful = [one.pk for one in differing(chunk)]
            if doubtful and (found := differing(_again(rows, doubtful))):
                return found[0]
            done += len(chunk)
            progress(done, total)
    return _deleted_past_the_gate()


def _chunks(rows: QuerySet) -> Iterator[Sequence]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield chunk
        last = chunk[-1].pk


def _again(rows: QuerySet, pks: list[int]) -> list:
    return list(rows.filter(pk__in=pks).order_by("pk"))


def dossiers_that_differ(dossiers: Sequence[Dossier]) -> list[Difference]:
    """Return the differences among these dossiers: where they stand, then what was frozen of them; two queries."""
    steps = _events("dossier", [one.pk for one in dossiers], [*MOVES, UNNAMED])
    checked = ((one, _told_of(one, steps[one.pk])) for one in dossiers)
    moved = [Difference("dossier", one.pk, told, _stands(one)) for one, told in checked if told != _stands(one)]
    return moved + _reworded(steps)


def _reworded(steps: Mapping[int, list[Event]]) -> list[Difference]:
    """Return the versions whose words are not those the journal says were frozen; a name may be erased by law.

    An erasure tells what its versions say since; one of before that was told says nothing of those sent by then.
    """
    frozen = {(pk, number): told for pk, events in steps.items() for number, told in _frozen(events).items()}
    versions = DossierVersion.objects.filter(dossier__in={pk for pk, _number in frozen}).order_by("dossier", "number")
    found = versions.values_list("dossier", "number", "content").iterator(chunk_size=50)
    stands = ((pk, number, frozen.get((pk, number)), digest(content)) for pk, number, content in found)
    return [
        Difference("dossier", pk, f"v{number} {told[:12]}…", f"v{number} {now[:12]}…")
        for pk, number, told, now in stands
        if told and told != now
    ]


def _frozen(events: Sequence[Event]) -> dict[int, str]:
    frozen = {}
    for event in events:
        if step_of(event) == UNNAMED:
            told = event.detail.get("versions")
            frozen = {} if told is None else frozen | {int(number): now for number, now in told.items()}
        elif "content" in event.detail:
            frozen[event.detail["version"]] = event.detail["content"]
    return frozen


def _told_of(dossier: Dossier, events: list[Event]) -> str:
    try:
        told = replay(events)
    except NoLegalMove as refused:
        return str(refused)
    # While the unit holds it, it writes on; elsewhere nothing changes but by a step.
    written_on = dossier.state in EDITS[Edit.SAVE].sources and dossier.edition >= (told.edition or 0)
    edition = dossier.edition if told.edition is None or written_on else told.edition
    return _words(told.state, told.version, edition)


def _stands(dossier: Dossier) -> str:
    return _words(dossier.state, dossier.version, dossier.edition)


def _words(state: str, version: int, edition: int) -> str:
    return f"{State(state).label} (v{version}.{edition})"


def items_that_differ(items: Sequence[WorkItem]) -> list[Difference]:
    """Return the differences among these items; two queries."""
    steps = _events("workitem", [pk for item in items for pk in (item.pk, item.carried_from_id) if pk], ITEM_MOVES)
    approvals = _events("dossier", {item.dossier_id for item in items}, {Step.APPROVE})
    found = []
    for item in items:
        carried = [event for event in steps[item.carried_from_id] if event.verb == f"workitem.{ItemStep.CARRY_OVER}"]
        begun = carried if item.carried_from_id else approvals[item.dossier_id]
        told = _item_told(item, any(event.at == item.approved_at for event in begun), steps[item.pk])
        if told != ItemState(item.state).label:
            found.append(Difference("workitem", item.pk, told, ItemState(item.state).label))
    return found


def _item_told(item: WorkItem, begun: bool, events: list[Event]) -> str:
    try:
        state = state_after(ItemState.IN_PROGRESS if begun else ItemState.PLANNED, events, ITEM_MOVES)
    except NoLegalMove as refused:
        return str(refused)
    return ItemState(state).label


def _events(subject: str, pks, steps) -> dict[int | None, list[Event]]:
    """Return {id: the events of these steps, oldest first}; one query."""
    found = defaultdict(list)
    verbs = [f"{subject}.{step}" for step in steps]
    events = Event.objects.filter(subject=subject, subject_id__in=pks, verb__in=verbs).order_by("pk")
    for event in events.only("at", "verb", "subject_id", "detail"):
        found[event.subject_id].append(event)
    return found


def _deleted_past_the_gate() -> Difference | None:
    """Return the first dossier that the journal began and never deleted, and that is gone; one query."""
    ended = Event.objects.filter(subject="dossier", subject_id=OuterRef("subject_id"), verb="dossier.delete")
    stands = Dossier.objects.filter(pk=OuterRef("subject_id"))
    begun = Event.objects.filter(subject="dossier", verb__in=["dossier.started", f"dossier.{Step.SUBMIT}"])
    lost = begun.filter(~Exists(stands), ~Exists(ended)).order_by("subject_id").only("subject_id", "verb").first()
    return lost and Difference("dossier", lost.subject_id, lost.verb, "—")
