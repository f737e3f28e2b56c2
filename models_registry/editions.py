"""Noticing that somebody else changed a row while its page was open."""

from django.utils.translation import gettext as _

from journal.models import Event
from vietnamese.display import instant_text


def edition_of(data) -> int:
    """Return the edition a posted page carries; -1, which is always stale, when it cannot be read."""
    typed = data.get("edition", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1


class StalePage(Exception):
    """The page shows an older edition; `row` is what stands now, `last` the event that changed it."""

    def __init__(self, row):
        self.row = row
        self.last = Event.objects.about(row._meta.model_name, row.pk).last()
        super().__init__(f"{row._meta.model_name} {row.pk} is at edition {row.edition}")

    def sentence(self) -> str:
        """Return one plain sentence: who changed it and when."""
        if self.last is None or self.last.actor is None:
            return _("Nội dung này vừa được thay đổi ở nơi khác. Hãy xem lại rồi lưu.")
        return _("%(person)s đã thay đổi nội dung này lúc %(instant)s. Hãy xem lại rồi lưu.") % {
            "person": self.last.who,
            "instant": instant_text(self.last.at),
        }


def locked(row, edition: int):
    """Return the row as it stands now, locked until commit; raises StalePage when the page was of another edition."""
    fresh = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if fresh.edition != edition:
        raise StalePage(fresh)
    return fresh
