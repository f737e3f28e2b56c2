"""What the journal's verbs about a dossier are called, on a timeline and when somebody was faster."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.models import Event
from reviews.models import Assignment, Decision
from vietnamese.display import instant_text

STEPS = {
    "dossier.signed": gettext_lazy("Đơn vị đính kèm bản đã ký"),
    "dossier.submit": gettext_lazy("Đơn vị gửi hồ sơ"),
    "dossier.withdraw": gettext_lazy("Đơn vị rút hồ sơ"),
    "dossier.take": gettext_lazy("Nhận thẩm định"),
    "dossier.extended": gettext_lazy("Gia hạn"),
    "dossier.overdue": gettext_lazy("Quá hạn"),
    "dossier.give_back": gettext_lazy("Trả lại hàng chờ"),
    "dossier.request_revision": gettext_lazy("Yêu cầu bổ sung"),
    "dossier.approve": gettext_lazy("Duyệt"),
    "dossier.reject": gettext_lazy("Không duyệt"),
    "dossier.reopen": gettext_lazy("Mở lại để thẩm định từ đầu"),
}
# Told within the board only.
INTERNAL = {
    "appraisal.assigned": gettext_lazy("Giao cho người thẩm định"),
    "appraisal.taken_away": gettext_lazy("Chuyển cho người thẩm định khác"),
    "conflict.declared": gettext_lazy("Khai báo xung đột lợi ích"),
    "conflict.lifted": gettext_lazy("Gỡ khai báo xung đột lợi ích"),
    "conflict.override_asked": gettext_lazy("Đề nghị cho thẩm định dù có xung đột lợi ích"),
    "conflict.override_granted": gettext_lazy("Đồng ý cho thẩm định dù có xung đột lợi ích"),
    "conflict.override_refused": gettext_lazy("Không đồng ý cho thẩm định khi có xung đột lợi ích"),
    "appraisal.judged": gettext_lazy("Lưu đánh giá theo tiêu chí"),
    "appraisal.joined": gettext_lazy("Nhận cùng chấm"),
    "appraisal.seated": gettext_lazy("Giao cùng chấm"),
    "appraisal.left": gettext_lazy("Thôi cùng chấm"),
    "appraisal.handed_in": gettext_lazy("Nộp phiếu chấm"),
    "appraisal.reworked": gettext_lazy("Mở lại phiếu chấm để sửa"),
    "appraisal.taken_over": gettext_lazy("Lấy lại đánh giá của bản trước"),
    "appraisal.proposed": gettext_lazy("Đề xuất với lãnh đạo Ban"),
    "appraisal.sent_back": gettext_lazy("Trả lại đề xuất cho chuyên viên"),
    "appraisal.prepared": gettext_lazy("Ký quyết định, chờ công bố"),
    "appraisal.unprepared": gettext_lazy("Bỏ quyết định chưa công bố"),
    "appraisal.held_up": gettext_lazy("Chưa công bố được quyết định"),
}
FASTER = {
    "dossier.submit": gettext_lazy("%(who)s đã gửi bản mới của hồ sơ này lúc %(when)s."),
    "dossier.withdraw": gettext_lazy("%(who)s đã rút hồ sơ này lúc %(when)s."),
    "dossier.take": gettext_lazy("%(who)s đã nhận thẩm định hồ sơ này lúc %(when)s."),
    "dossier.give_back": gettext_lazy("%(who)s đã trả hồ sơ này lại hàng chờ lúc %(when)s."),
    "dossier.request_revision": gettext_lazy("%(who)s đã yêu cầu đơn vị bổ sung hồ sơ này lúc %(when)s."),
    "dossier.approve": gettext_lazy("%(who)s đã duyệt hồ sơ này lúc %(when)s."),
    "dossier.reject": gettext_lazy("%(who)s đã kết luận không duyệt hồ sơ này lúc %(when)s."),
    "dossier.reopen": gettext_lazy("%(who)s đã mở lại hồ sơ này lúc %(when)s."),
}


def who_was_faster(last: Event | None) -> str:
    """Return one sentence on who moved the dossier and when."""
    if last is None or last.verb not in FASTER:
        return _("Hồ sơ không còn ở bước này. Hãy xem lại tình trạng mới nhất.")
    return FASTER[last.verb] % {"who": last.who or _("Hệ thống"), "when": instant_text(last.at)}


def who_holds(holding: Assignment | None) -> str:
    """Return one sentence on in whose hands the dossier is."""
    if holding is None:
        return _("Hồ sơ này chưa có ai nhận thẩm định. Hãy nhận hồ sơ trước.")
    told = {"who": holding.appraiser, "when": instant_text(holding.taken_at)}
    return _("%(who)s đang thẩm định hồ sơ này, nhận lúc %(when)s.") % told


def what_is_prepared(decision: Decision) -> str:
    """Return one sentence on the decision that waits to be announced."""
    told = {"who": decision.by, "when": instant_text(decision.prepared_at), "what": decision.get_outcome_display()}
    said = _("%(who)s đã ký quyết định này lúc %(when)s, chưa công bố: %(what)s. Muốn làm khác, hãy bỏ quyết định đó.")
    return said % told


def what_is_proposed_now(holding: Assignment) -> str:
    """Return one sentence on the proposal that replaced the one on the page."""
    if not holding.proposed:
        return _("Hồ sơ này hiện chưa có đề xuất. Hãy xem lại trước khi quyết định.")
    told = {
        "who": holding.appraiser,
        "when": instant_text(holding.proposed_at),
        "what": holding.get_proposed_display(),
    }
    return _("%(who)s đã gửi đề xuất mới lúc %(when)s: %(what)s. Hãy xem lại trước khi quyết định.") % told
