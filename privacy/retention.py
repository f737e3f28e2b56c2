"""How long what is kept: a table of rules, each with its limits; what is past its time goes every night."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from completion.packing import KEPT as PACKS_KEPT
from journal import sending, typed
from journal.jobs import FILES_KEPT
from journal.models import Job, Notice
from journal.services.digests import KEPT_DAYS
from organizations.models import Person, ResetCode, Roster, SignInAttempts
from privacy.models import Look
from reviews.models import Bulk


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: `days` unless the installation chose others from `least` to `most`; `due` are the rows past an instant.

    `fields` are emptied where the row itself must stay; without any, rows go, with the file of `file`.
    """

    name: str
    days: int
    least: int
    most: int
    why: str
    due: Callable[[datetime], QuerySet]
    fields: tuple[tuple[str, object], ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What its own task deletes after a time that is part of how it works."""

    name: str
    kept: timedelta
    why: str


def _ended_contacts(before: datetime) -> QuerySet:
    """Accounts nobody may sign in with since before an instant, that still hold how to reach somebody.

    Posts are left out: shutting out leaves them open, and one may have ended years before.
    """
    reachable = Q(phone__isnull=False) | ~Q(email="")
    return Person.objects.filter(reachable, is_active=False, shut_out_at__lt=before)


def _old_jobs(before: datetime) -> QuerySet:
    """Jobs over before an instant, but those a bulk of decisions refers to."""
    return Job.objects.filter(ended_at__lt=before).exclude(pk__in=Bulk.objects.filter(job__isnull=False).values("job"))


RULES: dict[str, Rule] = {
    "contacts": Rule(
        _("Số điện thoại, thư điện tử của tài khoản đã ngừng"), 365, 30, 1825,
        _("Không còn mục đích liên hệ; tên giữ lại để hồ sơ đọc được"),
        _ended_contacts, fields=(("phone", None), ("email", "")),
    ),
    "looks": Rule(
        _("Ai đã xem dữ liệu cá nhân"), 730, 365, 3650, _("Đủ để người được xem và đơn vị kiểm tra"),
        lambda before: Look.objects.filter(at__lt=before),
    ),
    "notices": Rule(
        _("Thông báo"), 730, 90, 3650, _("Việc đã qua; điều đã làm còn trong nhật ký"),
        lambda before: Notice.objects.filter(told_at__lt=before),
    ),
    "jobs": Rule(
        _("Dòng ghi công việc chạy nền"), 400, 30, 3650, _("Đối chiếu trong năm; việc đã làm còn trong nhật ký"),
        _old_jobs, file="file",
    ),
    "rosters": Rule(
        _("Tệp danh sách người dùng đã tải lên"), 30, 1, 365, _("Đã nhập xong thì không cần tệp"),
        lambda before: Roster.objects.filter(uploaded_at__lt=before), file="file",
    ),
    "codes": Rule(
        _("Mã dùng một lần đã hết hạn (bản băm)"), 30, 1, 365, _("Chỉ dùng trong 72 giờ"),
        lambda before: ResetCode.objects.filter(expires_at__lt=before),
    ),
    "attempts": Rule(
        _("Lần thử đăng nhập sai (bản băm)"), 1, 1, 90, _("Chỉ để làm chậm việc dò mật khẩu"),
        lambda before: SignInAttempts.objects.filter(last_at__lt=before),
    ),
}  # fmt: skip

FIXED = (
    Fixed(_("Nội dung đang gõ chưa gửi"), typed.KEPT, _("Để không mất nội dung khi mạng hoặc phiên ngắt")),
    Fixed(_("Dấu của mẫu đã gửi"), sending.KEPT, _("Để một lần bấm không thành hai")),
    Fixed(_("Tệp do công việc chạy nền lập, kể cả tệp dữ liệu cá nhân"), FILES_KEPT, _("Có thể nêu tên; lập lại được")),
    Fixed(_("Phiên đăng nhập đã hết hạn"), timedelta(days=1), _("Không còn dùng được")),
    Fixed(_("Bản Word, PDF của bộ báo cáo"), max(PACKS_KEPT.values()), _("So với năm sau; không nêu tên")),
    Fixed(_("Lời nhắc, thư nhắc hằng ngày"), timedelta(days=KEPT_DAYS), _("Đã qua thì không ai cần")),
)
