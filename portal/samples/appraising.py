"""Takes a sample dossier from draft to the state it is to show, step by step through the gate."""

from datetime import date

from models_registry.lifecycle import State, Step
from models_registry.models import Dossier
from models_registry.services import take_step
from portal.samples.calendar import instant
from portal.samples.people import People
from reviews import services as reviews
from reviews.models import Assignment, Judgement
from reviews.queries import criteria_of
from reviews.services import Judged

FINE = "Nội dung rõ ràng, có thể kiểm chứng."
WANTING = "Cần nêu rõ ai làm, làm lúc nào, kết quả đo bằng gì."


class Appraising:
    """Walks dossiers through their board; the days are the caller's."""

    def __init__(self, people: People):
        self.people = people

    def bring_to(self, state: str, dossier: Dossier, *, sent: date, reason: str = "", faults=()) -> None:
        """Bring a draft to `state`, sent on a day, taken on the same and decided an hour later."""
        if state == State.DRAFT:
            return
        unit = dossier.unit
        take_step(dossier.pk, Step.SUBMIT, by=self.people.acting("secretary", unit.code), at=instant(sent, 8))
        if state == State.WITHDRAWN:
            secretary = self.people.acting("secretary", unit.code)
            take_step(dossier.pk, Step.WITHDRAW, by=secretary, at=instant(sent, 9), reason=reason)
        if state in (State.SUBMITTED, State.WITHDRAWN):
            return
        board = self.people.board_of(unit)
        appraiser = self.people.acting("appraiser", board.code)
        reviews.take(dossier.pk, by=appraiser, at=instant(sent, 9))
        if state != State.UNDER_APPRAISAL:
            self._decide(state, dossier, appraiser, board, sent, reason, set(faults))

    def _decide(self, state, dossier, appraiser, board, day: date, reason: str, faults: set) -> None:
        dossier.refresh_from_db()
        criteria = criteria_of(dossier)
        shown = {criterion.pk for criterion in criteria if criterion.code in faults}
        entries = {criterion.pk: _judged(criterion, criterion.pk in shown) for criterion in criteria}
        reviews.save_judgements(dossier.pk, entries, by=appraiser, at=instant(day, 10))
        if state == State.REVISION_REQUESTED:
            reviews.request_revision(
                dossier.pk,
                criteria=shown or {criteria[0].pk},
                reason=reason,
                by=appraiser,
                at=instant(day, 11),
                remarks={"solutions": WANTING},
            )
            return
        head = self.people.acting("head", board.code)
        approved = state == State.APPROVED
        proposed = Assignment.Proposed.APPROVE if approved else Assignment.Proposed.REJECT
        appraiser = self.people.acting("appraiser", board.code)
        reviews.propose(dossier.pk, proposed, by=appraiser, at=instant(day, 11), reason=reason)
        if approved:
            reviews.approve(dossier.pk, by=head, at=instant(day, 14))
        else:
            reviews.reject(dossier.pk, reason=reason, by=head, at=instant(day, 14))


def _judged(criterion, shown: bool) -> Judged:
    """A fault is met when it does not show."""
    mark = Judgement.Mark.NOT_MET if shown else Judgement.Mark.MET
    return Judged(mark, WANTING if shown else FINE)
