"""When the board may write about a dossier without moving it. The moves themselves are `models_registry.lifecycle`."""

from models_registry.lifecycle import MOVES, Move, Reason, State
from organizations.permissions import Action

JUDGE = "judge"
PROPOSE = "propose"
PROPOSE_REFUSAL = "propose_refusal"

_HELD = frozenset({State.UNDER_APPRAISAL})

# The acts below leave the dossier where it is; beside the moves, so that one gate answers for both.
ACTS: dict[str, Move] = {
    **MOVES,
    JUDGE: Move(Action.APPRAISE, _HELD, State.UNDER_APPRAISAL, four_eyes=True),
    PROPOSE: Move(Action.APPRAISE, _HELD, State.UNDER_APPRAISAL, four_eyes=True),
    PROPOSE_REFUSAL: Move(Action.APPRAISE, _HELD, State.UNDER_APPRAISAL, reason=Reason.REQUIRED, four_eyes=True),
}
