"""What a digest says."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from journal.models import Digest, Notice, Reminder


def groups_of(digest: Digest, posts: Sequence) -> list[tuple[str, list[Reminder | Notice]]]:
    """Return what a digest says, as titled groups of rows with `words`, `who`, `link` and `told_in`; two queries.

    `told_in` is which of the reader's current `posts` a row was told to and opens in; None while there is only one.
    """
    seats = {post.unit_id: post for post in reversed(posts)} if len(posts) > 1 else {}
    held = {post.pk: post for post in posts} if seats else {}
    reminders = list(digest.reminders.all())
    for row in reminders:
        row.told_in = seats.get(row.subject_id)
    overdue = [row for row in reminders if row.due_on < digest.day]
    soon = [row for row in reminders if row.due_on >= digest.day]
    mailed = digest.notices.exclude(event__subject="digest") if digest.mail != "none" else digest.notices.none()
    news = list(mailed.with_actors().order_by("-id"))
    for row in news:
        row.told_in = held.get(row.post_id)
    groups = [(_("Đã quá hạn"), overdue), (_("Sắp đến hạn"), soon), (_("Thông báo bạn chưa đọc"), news)]
    return [(title, rows) for title, rows in groups if rows]
