"""How old the last good backup is: what a page, a menu and a gauge ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.permissions import Action, may, may_reach_a_root
from portal.backups.models import Backup
from portal.backups.words import age_text

# A night's backup and two hours for a late one; after two nights nobody may call it late any more.
AMBER, RED = timedelta(hours=26), timedelta(hours=74)
LEVELS = {
    "success": gettext_lazy("Tốt"),
    "warning": gettext_lazy("Cần chú ý"),
    "danger": gettext_lazy("Không an toàn"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one of the two stands: its colour (a state of state_badge.html), the colour's word, and a sentence."""

    colour: str
    sentence: str

    @property
    def label(self) -> str:
        return str(LEVELS[self.colour])


def sees_backups(user) -> bool:
    """Whether the post one acts in administers a whole tree, or all of them. No query."""
    return may(user, Action.SEE_BACKUPS) and may_reach_a_root(user)


def last_good() -> Backup | None:
    """Return the newest good backup that still stands; one query."""
    return Backup.objects.good().filter(dropped_at__isnull=True).first()


def backup_age_seconds(at: datetime) -> float | None:
    """Return how long ago the last good backup was begun, in seconds: what is older is not in it. None without one."""
    last = last_good()
    return (at - last.begun_at).total_seconds() if last else None


def trial_age_seconds(at: datetime) -> float | None:
    """Return how long ago a backup was last brought back and found whole, in seconds; None when never. One query."""
    tried_at = Backup.objects.tried().order_by("-tried_at").values_list("tried_at", flat=True).first()
    return (at - tried_at).total_seconds() if tried_at else None


def standings(at: datetime) -> tuple[Standing, Standing]:
    """Return how backing up and trying to restore stand; four queries."""
    ended = Backup.objects.exclude(state=Backup.State.RUNNING).first()
    tried = Backup.objects.exclude(trial=Backup.Trial.NONE).order_by("-tried_at").first()
    has_failed = bool(ended) and ended.state == Backup.State.FAILED
    made = backup_standing(backup_age_seconds(at), failed=has_failed, remark=ended.remark if ended else "")
    trial = trial_standing(trial_age_seconds(at), last=tried.trial if tried else Backup.Trial.NONE)
    return made, trial


def backup_standing(age: float | None, *, failed: bool, remark: str = "") -> Standing:
    """Return how backing up stands by the age of the last good one, and whether the last try failed or stayed alone."""
    if age is None:
        said = _("Chưa có bản sao lưu nào; lần gần đây không thành công.") if failed else _("Chưa có bản sao lưu nào.")
        return Standing("danger", said)
    words = {"age": age_text(age)}
    if age > RED.total_seconds():
        return Standing("danger", _("Bản sao lưu tốt gần nhất đã cách đây %(age)s.") % words)
    if failed:
        return Standing("danger", _("Lần sao lưu gần đây không thành công; bản tốt gần nhất cách đây %(age)s.") % words)
    if age > AMBER.total_seconds():
        return Standing("warning", _("Bản sao lưu tốt gần nhất đã cách đây %(age)s, quá 26 giờ.") % words)
    if remark:
        return Standing("warning", remark)
    return Standing("success", _("Bản sao lưu tốt gần nhất cách đây %(age)s.") % words)


def trial_standing(age: float | None, *, last: str) -> Standing:
    """Return how trying to restore stands by the age of the last that was whole, and what the last one found."""
    if last == Backup.Trial.DIFFERED:
        return Standing("danger", _("Khôi phục thử không ra đúng như bản sao lưu đã ghi."))
    words = {"age": age_text(age or 0)}
    if last == Backup.Trial.FAILED:
        return Standing("danger" if age is None else "warning", _("Lần khôi phục thử gần đây không làm được."))
    if age is None:
        return Standing("warning", _("Chưa khôi phục thử lần nào."))
    if age > AMBER.total_seconds():
        return Standing("warning", _("Lần khôi phục thử tốt gần nhất đã cách đây %(age)s, quá 26 giờ.") % words)
    return Standing("success", _("Lần khôi phục thử tốt gần nhất cách đây %(age)s.") % words)
