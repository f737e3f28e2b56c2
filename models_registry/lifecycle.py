"""When a dossier or an item may move: states, steps and the tables of moves. Plain values, no queries.

Who may is `organizations.permissions.GRANTS`; the gate that takes a step is `models_registry.gate`.
"""

import enum
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from organizations.permissions import Action


class State(TextChoices):
    DRAFT = "draft", _("Nháp")
    SUBMITTED = "submitted", _("Đã gửi")
    UNDER_APPRAISAL = "under_appraisal", _("Đang thẩm định")
    REVISION_REQUESTED = "revision_requested", _("Yêu cầu bổ sung")
    APPROVED = "approved", _("Đã duyệt")
    REJECTED = "rejected", _("Không duyệt")
    WITHDRAWN = "withdrawn", _("Đã rút")


class ItemState(TextChoices):
    PLANNED = "planned", _("Chưa được duyệt")
    IN_PROGRESS = "in_progress", _("Đang thực hiện")
    REPORTED = "reported", _("Đã báo cáo hoàn thành")
    COMPLETED = "completed", _("Hoàn thành")
    NOT_COMPLETED = "not_completed", _("Không hoàn thành")
    CARRIED_OVER = "carried_over", _("Chuyển tiếp")
    SUSPENDED = "suspended", _("Tạm dừng")
    TERMINATED = "terminated", _("Dừng")


class Reason(enum.Enum):
    """What a step asks of its reason."""

    NONE = 0
    REQUIRED = 10  # at least this many characters


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a table of moves."""

    action: Action
    sources: frozenset
    target: str
    reason: Reason = Reason.NONE
    # Never taken by who wrote or sent it, nor by someone of the same unit…
    four_eyes: bool = False
    # …unless it is the own unit's business: then by a second person of it.
    own_unit: bool = False


class Step(TextChoices):
    SUBMIT = "submit", _("Gửi")
    WITHDRAW = "withdraw", _("Rút")
    TAKE = "take", _("Nhận thẩm định")
    GIVE_BACK = "give_back", _("Trả lại hàng chờ")
    REQUEST_REVISION = "request_revision", _("Yêu cầu bổ sung")
    APPROVE = "approve", _("Duyệt")
    REJECT = "reject", _("Không duyệt")
    REOPEN = "reopen", _("Mở lại")


_S = State
MOVES: dict[str, Move] = {
    Step.SUBMIT: Move(Action.SUBMIT, frozenset({_S.DRAFT, _S.REVISION_REQUESTED}), _S.SUBMITTED),
    Step.WITHDRAW: Move(
        Action.SUBMIT, frozenset({_S.SUBMITTED, _S.UNDER_APPRAISAL, _S.REVISION_REQUESTED}), _S.WITHDRAWN
    ),
    Step.TAKE: Move(Action.APPRAISE, frozenset({_S.SUBMITTED}), _S.UNDER_APPRAISAL, four_eyes=True),
    Step.GIVE_BACK: Move(Action.APPRAISE, frozenset({_S.UNDER_APPRAISAL}), _S.SUBMITTED),
    Step.REQUEST_REVISION: Move(
        Action.APPRAISE,
        frozenset({_S.UNDER_APPRAISAL}),
        _S.REVISION_REQUESTED,
        reason=Reason.REQUIRED,
        four_eyes=True,
    ),
    Step.APPROVE: Move(Action.DECIDE, frozenset({_S.UNDER_APPRAISAL}), _S.APPROVED, four_eyes=True),
    Step.REJECT: Move(
        Action.DECIDE, frozenset({_S.UNDER_APPRAISAL}), _S.REJECTED, reason=Reason.REQUIRED, four_eyes=True
    ),
    # By a second person (`reviews.services.reopening`), and judged from the beginning.
    Step.REOPEN: Move(
        Action.REOPEN, frozenset({_S.APPROVED, _S.REJECTED}), _S.SUBMITTED, reason=Reason.REQUIRED, four_eyes=True
    ),
}


class Edit(TextChoices):
    """What a unit does to a dossier it holds; the state stays, but who may and when is asked in the same way."""

    SAVE = "save", _("Lưu")
    DELETE = "delete", _("Xóa")
    SIGN = "sign", _("Đính kèm bản đã ký")
    ANSWER = "answer", _("Trả lời ý kiến của Ban")


EDITS: dict[str, Move] = {
    Edit.SAVE: Move(Action.REGISTER, frozenset({_S.DRAFT, _S.REVISION_REQUESTED}), ""),
    Edit.DELETE: Move(Action.REGISTER, frozenset({_S.DRAFT}), ""),
    Edit.ANSWER: Move(Action.REGISTER, frozenset({_S.REVISION_REQUESTED}), ""),
    # Paper may come after the click; once decided, nothing more belongs to what was judged.
    Edit.SIGN: Move(
        Action.REGISTER, frozenset({_S.DRAFT, _S.REVISION_REQUESTED, _S.SUBMITTED, _S.UNDER_APPRAISAL}), ""
    ),
}


class Extend(TextChoices):
    """Moving the due day of whoever holds the dossier, by the side it is in."""

    BOARD = "extend_board", _("Gia hạn thẩm định")
    UNIT = "extend_unit", _("Gia hạn bổ sung")


EXTENSIONS: dict[str, Move] = {
    Extend.BOARD: Move(
        Action.DECIDE, frozenset({_S.SUBMITTED, _S.UNDER_APPRAISAL}), "", reason=Reason.REQUIRED, four_eyes=True
    ),
    Extend.UNIT: Move(Action.APPRAISE, frozenset({_S.REVISION_REQUESTED}), "", reason=Reason.REQUIRED, four_eyes=True),
}
