"""What a dossier's timeline tells: of each verb of the journal what it is called, its kind, and who may read it.

Plain values. What `words` calls a step of the board is said in its words; a test holds every verb to have a kind.
"""

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import MOVES
from reviews.words import INTERNAL, STEPS


class Kind(TextChoices):
    VERSION = "version", _("Bản gửi")
    REMARK = "remark", _("Nhận xét")
    SCORE = "score", _("Chấm điểm")
    DECISION = "decision", _("Quyết định")
    FILE = "file", _("Tệp và văn bản")
    ASSIGNMENT = "assignment", _("Phân công")
    DUE = "due", _("Thời hạn")
    NOTICE = "notice", _("Thông báo")


# Beside the steps: what anybody who sees the dossier may read…
SAID = {
    "dossier.board_changed": _("Đổi cơ quan thẩm định"),
    "dossier.comment": _("Ý kiến trao đổi"),
    "dossier.extended": _("Gia hạn"),
    "dossier.overdue": _("Quá hạn"),
    "dossier.unname": _("Xóa tên một cá nhân theo yêu cầu"),
    "dossier.publish": _("Đưa vào Kho mô hình hay"),
    "dossier.unpublish": _("Đưa ra khỏi Kho mô hình hay"),
    "dossier.adopted": _("Đơn vị khác áp dụng mô hình"),
}
# …what the board alone…
OF_BOARD = {**INTERNAL, "dossier.note": _("Ý kiến nội bộ Ban"), "paper.issued": _("Ban hành văn bản")}
# …what the unit alone, of its drafts…
OF_UNIT = {
    "dossier.started": _("Bắt đầu soạn"),
    "dossier.save": _("Soạn, lưu nội dung"),
    "dossier.printed": _("Lấy bản in có tên cá nhân"),
    "dossier.unsigned": _("Bỏ bản đã ký của lần chưa gửi"),
}
# …and what becomes everybody's once it was sent.
WHEN_SENT = {
    "dossier.attach": _("Đính kèm tệp"),
    "dossier.detach": _("Bỏ tệp khỏi lần gửi sau"),
    "file.infected": _("Loại bỏ một tệp có mã độc"),
    "dossier.answer": _("Đơn vị trả lời nhận xét"),
}

KINDS: dict[str, Kind] = {
    "dossier.submit": Kind.VERSION,
    "dossier.withdraw": Kind.VERSION,
    "dossier.started": Kind.VERSION,
    "dossier.save": Kind.VERSION,
    "dossier.unname": Kind.VERSION,
    "dossier.request_revision": Kind.REMARK,
    "dossier.answer": Kind.REMARK,
    "dossier.comment": Kind.REMARK,
    "dossier.note": Kind.REMARK,
    "appraisal.judged": Kind.SCORE,
    "appraisal.handed_in": Kind.SCORE,
    "appraisal.reworked": Kind.SCORE,
    "appraisal.taken_over": Kind.SCORE,
    "dossier.approve": Kind.DECISION,
    "dossier.reject": Kind.DECISION,
    "dossier.reopen": Kind.DECISION,
    "appraisal.proposed": Kind.DECISION,
    "appraisal.sent_back": Kind.DECISION,
    "appraisal.prepared": Kind.DECISION,
    "appraisal.unprepared": Kind.DECISION,
    "appraisal.held_up": Kind.DECISION,
    "dossier.publish": Kind.DECISION,
    "dossier.unpublish": Kind.DECISION,
    "dossier.adopted": Kind.DECISION,
    "dossier.attach": Kind.FILE,
    "dossier.detach": Kind.FILE,
    "file.infected": Kind.FILE,
    "dossier.signed": Kind.FILE,
    "dossier.unsigned": Kind.FILE,
    "dossier.printed": Kind.FILE,
    "paper.issued": Kind.FILE,
    "dossier.take": Kind.ASSIGNMENT,
    "dossier.give_back": Kind.ASSIGNMENT,
    "dossier.board_changed": Kind.ASSIGNMENT,
    "appraisal.joined": Kind.ASSIGNMENT,
    "appraisal.seated": Kind.ASSIGNMENT,
    "appraisal.left": Kind.ASSIGNMENT,
    "appraisal.assigned": Kind.ASSIGNMENT,
    "appraisal.taken_away": Kind.ASSIGNMENT,
    "conflict.declared": Kind.ASSIGNMENT,
    "conflict.lifted": Kind.ASSIGNMENT,
    "conflict.override_asked": Kind.ASSIGNMENT,
    "conflict.override_granted": Kind.ASSIGNMENT,
    "conflict.override_refused": Kind.ASSIGNMENT,
    "dossier.extended": Kind.DUE,
    "dossier.overdue": Kind.DUE,
}
# A return is the board's word on a version as much as what it remarked.
ALSO = {Kind.DECISION: ["dossier.request_revision"]}


def titles() -> dict:
    """Return {verb: what it is called} of everything some timeline tells."""
    return {**STEPS, **SAID, **OF_BOARD, **OF_UNIT, **WHEN_SENT}


def readable(*, of_board: bool, of_unit: bool, sent_at) -> Q:
    """Return which events this reader may read, `sent_at` being when the dossier was last sent (None: never)."""
    verbs = [*STEPS, *SAID, *(OF_BOARD if of_board else ()), *(OF_UNIT | WHEN_SENT if of_unit else ())]
    found = Q(verb__in=verbs)
    return found | Q(verb__in=[*WHEN_SENT], at__lte=sent_at) if sent_at else found


def kinds_for(*, of_board: bool) -> list[Kind]:
    """Return the kinds of which this reader may find something: outside the board nobody reads scores."""
    told = {kind for verb, kind in KINDS.items() if of_board or verb not in OF_BOARD}
    return [kind for kind in Kind if kind in told or kind == Kind.NOTICE]


def of_kind(kind: str) -> Q:
    """Return which events are of one kind; a notice is told with whatever it tells of."""
    if kind == Kind.NOTICE:
        return Q(notices__isnull=False)
    return Q(verb__in=[*(verb for verb, its in KINDS.items() if its == kind), *ALSO.get(kind, ())])


def state_after(verb: str) -> str:
    """Return the state a verb leads to, for the colour of its dot; "" for what is no step of the dossier."""
    subject, _dot, step = verb.partition(".")
    return MOVES[step].target if subject == "dossier" and step in MOVES else ""
