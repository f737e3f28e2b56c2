"""How the journal's words about units and people read in a timeline."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import Post
from vietnamese.display import day_text, instant_text, number_text

TITLES = {
    "unit.added": gettext_lazy("Thêm đơn vị"),
    "unit.renamed": gettext_lazy("Đổi tên đơn vị"),
    "unit.corrected": gettext_lazy("Sửa thông tin đơn vị"),
    "unit.moved": gettext_lazy("Chuyển đơn vị"),
    "unit.ended": gettext_lazy("Kết thúc hoạt động"),
    "unit.merged": gettext_lazy("Sáp nhập, hợp nhất"),
    "unit.split": gettext_lazy("Chia tách"),
    "unit.reorganised": gettext_lazy("Sắp xếp tổ chức theo quyết định"),
    "unit.items_handed_over": gettext_lazy("Nhận bàn giao việc"),
    "reorganisation.planned": gettext_lazy("Ghi kế hoạch sắp xếp tổ chức"),
    "reorganisation.withdrawn": gettext_lazy("Rút kế hoạch sắp xếp tổ chức"),
    "reorganisation.carried_out": gettext_lazy("Đến ngày, thực hiện kế hoạch sắp xếp"),
    "reorganisation.stopped": gettext_lazy("Đến ngày, chưa thực hiện được kế hoạch sắp xếp"),
    "reorganisation.foretold": gettext_lazy("Báo trước sắp xếp tổ chức"),
    "reorganisation.told": gettext_lazy("Báo sắp xếp tổ chức"),
    "unit.members_counted": gettext_lazy("Khai số đảng viên"),
    "appraisal_link.added": gettext_lazy("Giao cơ quan thẩm định"),
    "appraisal_link.ended": gettext_lazy("Thôi cơ quan thẩm định riêng"),
    "person.added": gettext_lazy("Thêm người dùng"),
    "person.edited": gettext_lazy("Sửa thông tin"),
    "person.shut_out": gettext_lazy("Ngừng tài khoản"),
    "person.let_in": gettext_lazy("Mở lại tài khoản"),
    "post.given": gettext_lazy("Giao vai trò"),
    "post.ended": gettext_lazy("Kết thúc vai trò"),
    "post.will_end": gettext_lazy("Báo trước kết thúc vai trò"),
    "post.delegated": gettext_lazy("Nhận ủy quyền"),
    "post.delegation_ended": gettext_lazy("Hết ủy quyền"),
    "unit.handed_over": gettext_lazy("Bàn giao bí thư"),
    "reset_code.made": gettext_lazy("Cấp mã dùng một lần"),
    "reset_code.used": gettext_lazy("Đặt mật khẩu bằng mã dùng một lần"),
    "person.data_asked": gettext_lazy("Yêu cầu lập tệp dữ liệu cá nhân"),
    "person.data_written": gettext_lazy("Lập tệp dữ liệu cá nhân"),
    "person.erasure_asked": gettext_lazy("Yêu cầu xóa dữ liệu cá nhân"),
    "person.erasure_refused": gettext_lazy("Không xóa dữ liệu cá nhân"),
    "person.erased": gettext_lazy("Xóa dữ liệu cá nhân"),
    "password.changed": gettext_lazy("Đổi mật khẩu"),
    "second_factor.added": gettext_lazy("Bật xác thực hai lớp"),
    "second_factor.removed": gettext_lazy("Gỡ xác thực hai lớp"),
    "recovery_codes.made": gettext_lazy("Tạo mã khôi phục"),
    "recovery_code.used": gettext_lazy("Dùng một mã khôi phục"),
    "sessions.ended": gettext_lazy("Đăng xuất máy khác"),
}
ROLES = dict(Post.Role.choices)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of components/timeline.html."""

    at: datetime
    title: str
    actor: str
    note: str


def lines_of(events) -> list[Line]:
    """Return timeline rows of what `queries.history_of` returned; no query."""
    return [
        Line(e.at, TITLES.get(e.verb, e.verb), e.who or str(_("Hệ thống")), _note(e.detail, named=e.within))
        for e in events
    ]


def _note(detail: dict, *, named: bool) -> str:
    parts = []
    if detail.get("unit") and named:
        parts.append(f"{ROLES.get(detail['role'], '')} – {detail['unit']}")
    if detail.get("ends_at"):
        parts.append(_("đến %(instant)s") % {"instant": instant_text(datetime.fromisoformat(detail["ends_at"]))})
    if "name" in (changed := detail.get("changed") or {}) and isinstance(changed, dict):
        old, new = changed["name"]
        parts.append(_("“%(old)s” thành “%(new)s”") % {"old": old, "new": new})
    if "members" in detail:
        parts.append(_("%(members)s đảng viên") % {"members": number_text(detail["members"])})
    if detail.get("on"):
        parts.append(_("từ ngày %(day)s") % {"day": day_text(date.fromisoformat(detail["on"]))})
    if detail.get("decision"):
        parts.append(_("theo %(decision)s") % {"decision": detail["decision"]})
    return ", ".join(parts)
