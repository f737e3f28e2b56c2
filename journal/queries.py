"""What a digest says."""

from django.utils.translation import gettext as _

from journal.models import Digest, Notice, Reminder


def groups_of(digest: Digest) -> list[tuple[str, list[Reminder | Notice]]]:
    """Return what a digest says, as titled groups of rows with `words` and `link`; two queries."""
    reminders = list(digest.reminders.all())
    overdue = [row for row in reminders if row.due_on < digest.day]
    soon = [row for row in reminders if row.due_on >= digest.day]
    news = list(digest.notices.exclude(event__subject="digest").order_by("-id")) if digest.mail != "none" else []
    groups = [(_("Đã quá hạn"), overdue), (_("Sắp đến hạn"), soon), (_("Thông báo bạn chưa đọc"), news)]
    return [(title, rows) for title, rows in groups if rows]
