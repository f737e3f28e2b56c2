"""The only writers of the journal: events and their chain, notices, reminders and the digests made of them."""

from journal.services.chaining import (
    chain_events,
    journal_head,
    known_heads,
    last_noted_head,
    note_head,
    noted_heads,
    put_heads_aside,
)
from journal.services.choosing import choices_of, choose_notices
from journal.services.digests import drop_old, keep_reminders, make_digests
from journal.services.mailing import send_mails
from journal.services.recording import (
    Entry,
    part_of,
    read_all_notices,
    read_notice,
    record,
    record_all,
    tell_about_new_events,
)

__all__ = [
    "Entry",
    "chain_events",
    "choices_of",
    "choose_notices",
    "drop_old",
    "journal_head",
    "keep_reminders",
    "known_heads",
    "last_noted_head",
    "make_digests",
    "note_head",
    "noted_heads",
    "part_of",
    "put_heads_aside",
    "read_all_notices",
    "read_notice",
    "record",
    "record_all",
    "send_mails",
    "tell_about_new_events",
]
