"""When the board may write about a dossier without moving it. The moves themselves are `models_registry.lifecycle`."""

from models_registry.lifecycle import MOVES, Move, Reason, State
from organizations.permissions import Action

JUDGE = "judge"
PROPOSE = "propose"
PROPOSE_REFUSAL = "propose_refusal"
SEND_BACK = "send_back"
UNDO = "undo"
JOIN = "join"
LEAVE = "leave"
HAND_IN = "hand_in"
REWORK = "rework"
# What everybody who scores does with the own sheet; all else is for who holds the dossier.
OF_A_SCORER = frozenset({JUDGE, LEAVE, HAND_IN, REWORK})

_HELD = frozenset({State.UNDER_APPRAISAL})

# The acts below leave the dossier where it is; beside the moves, so that one gate answers for both.
ACTS: dict[str, Move] = {
    **MOVES,
    **{act: Move(Action.APPRAISE, _HELD, State.UNDER_APPRAISAL, four_eyes=True) for act in OF_A_SCORER | {JOIN}},
    PROPOSE: Move(Action.APPRAISE, _HELD, State.UNDER_APPRAISAL, four_eyes=True),
    PROPOSE_REFUSAL: Move(Action.APPRAISE, _HELD, State.UNDER_APPRAISAL, reason=Reason.REQUIRED, four_eyes=True),
    # The head's answers short of a decision: a proposal goes back to its appraiser, a prepared decision is taken back.
    SEND_BACK: Move(Action.DECIDE, _HELD, State.UNDER_APPRAISAL, reason=Reason.REQUIRED, four_eyes=True),
    UNDO: Move(Action.DECIDE, _HELD, State.UNDER_APPRAISAL, four_eyes=True),
}
