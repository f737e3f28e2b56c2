"""The append-only record of who did what, what people are told and reminded of, and the rows of long work."""

from journal.models.events import Event, Link
from journal.models.told import Digest, Notice, NoticeChoice, Reminder, Told, worded
from journal.models.typed import SentForm, TypedText
from journal.models.work import Job, Lease

__all__ = [
    "Digest",
    "Event",
    "Job",
    "Lease",
    "Link",
    "Notice",
    "NoticeChoice",
    "Reminder",
    "SentForm",
    "Told",
    "TypedText",
    "worded",
]
