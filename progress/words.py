"""Sentences the pages and notices share."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vietnamese.display import instant_text

DONE = {
    "workitem.report": gettext_lazy("báo cáo hoàn thành"),
    "workitem.confirm": gettext_lazy("xác nhận hoàn thành"),
    "workitem.refuse": gettext_lazy("không xác nhận"),
    "workitem.revoke": gettext_lazy("hủy xác nhận"),
    "workitem.extend": gettext_lazy("gia hạn"),
    "workitem.exclude": gettext_lazy("loại khỏi chỉ tiêu"),
    "workitem.suspend": gettext_lazy("cho tạm dừng"),
    "workitem.resume": gettext_lazy("cho tiếp tục"),
    "workitem.terminate": gettext_lazy("cho dừng"),
    "workitem.fail": gettext_lazy("kết luận không hoàn thành"),
    "workitem.carry_over": gettext_lazy("chuyển tiếp sang năm sau"),
    "workitem.check": gettext_lazy("ghi kết quả kiểm tra"),
    "workitem.request_decided": gettext_lazy("quyết định đề nghị về"),
    "workitem.request_withdrawn": gettext_lazy("rút đề nghị về"),
}


def who_was_faster(event) -> str:
    """Return one sentence: who moved the item and when; without an event, that it has moved."""
    if event is None or event.actor is None or event.verb not in DONE:
        return _("Việc này hiện không ở bước có thể làm như vậy. Hãy xem lại trạng thái mới nhất.")
    return _("%(person)s đã %(done)s việc này lúc %(instant)s.") % {
        "person": event.who,
        "done": DONE[event.verb],
        "instant": instant_text(event.at),
    }
