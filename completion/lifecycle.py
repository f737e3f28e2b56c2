"""When a correction of a sealed quarter, and a table of published figures, may move; another always approves."""

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


class PublishedStep(TextChoices):
    ASK = "ask", _("Gửi duyệt")
    TAKE_BACK = "take_back", _("Lấy lại để sửa")
    APPROVE = "approve", _("Duyệt")
    RETURN = "return", _("Trả lại")


PUBLISHED_MOVES: dict[str, Move] = {
    PublishedStep.ASK: Move(Action.ENTER_PUBLISHED, frozenset({"draft"}), "asked"),
    PublishedStep.TAKE_BACK: Move(Action.ENTER_PUBLISHED, frozenset({"asked"}), "draft"),
    PublishedStep.APPROVE: Move(Action.APPROVE_PUBLISHED, frozenset({"asked"}), "shown", four_eyes=True),
    PublishedStep.RETURN: Move(
        Action.APPROVE_PUBLISHED, frozenset({"asked"}), "draft", Reason.REQUIRED, four_eyes=True
    ),
}
# Taken by who entered the table, and by nobody else.
OWN_PUBLISHED_STEPS = frozenset({PublishedStep.ASK, PublishedStep.TAKE_BACK})
