"""When a correction of a sealed quarter may move: asked, withdrawn, approved or refused by another, a level above."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import Move, Reason
from organizations.permissions import Action


class CorrectionStep(TextChoices):
    ASK = "ask", _("Gửi đề nghị")
    WITHDRAW = "withdraw", _("Rút đề nghị")
    APPROVE = "approve", _("Duyệt")
    REFUSE = "refuse", _("Không duyệt")


CORRECTION_MOVES: dict[str, Move] = {
    CorrectionStep.ASK: Move(Action.ASK_CORRECTION, frozenset({"draft"}), "asked", Reason.REQUIRED),
    CorrectionStep.WITHDRAW: Move(Action.ASK_CORRECTION, frozenset({"asked", "approved"}), "withdrawn"),
    CorrectionStep.APPROVE: Move(Action.APPROVE_CORRECTION, frozenset({"asked"}), "approved", four_eyes=True),
    CorrectionStep.REFUSE: Move(
        Action.APPROVE_CORRECTION, frozenset({"asked"}), "refused", Reason.REQUIRED, four_eyes=True
    ),
}
# Taken by who asked, and by nobody else.
OWN_STEPS = frozenset({CorrectionStep.ASK, CorrectionStep.WITHDRAW})
