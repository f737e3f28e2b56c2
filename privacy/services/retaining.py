"""Deleting what is past its time, and choosing how long an installation keeps what."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from privacy.models import RetentionChoice
from privacy.retention import RULES, Rule
from privacy.services.controller import keeps_register

BATCH = 2000


@transaction.atomic
def choose_retention(key: str, *, days: int, by, at: datetime) -> None:
    """Keep one kind of data for so many days from now on. Raises KeyError, PermissionDenied or ValidationError."""
    rule = RULES[key]
    if not keeps_register(by):
        raise PermissionDenied
    if not rule.least <= days <= rule.most:
        limits = {"least": rule.least, "most": rule.most}
        raise ValidationError({"days": _("Chọn từ %(least)d đến %(most)d ngày.") % limits})
    RetentionChoice.objects.update_or_create(key=key, defaults={"days": days, "changed_by": by, "changed_at": at})
    detail = {"key": key, "days": days}
    record("privacy.retention_chosen", subject="privacy", subject_id=None, by=by, at=at, detail=detail)


def days_chosen() -> dict[str, int]:
    """Return {key: days} as they hold in this installation; one query."""
    chosen = dict(RetentionChoice.objects.values_list("key", "days"))
    return {key: chosen.get(key, rule.days) for key, rule in RULES.items()}


def retain(*, at: datetime) -> dict[str, int]:
    """Let go of everything past its time, some thousand rows at once; returns {key: rows}, told in the journal.

    Killed at any point and begun anew it goes on where it was; with nothing past its time it writes nothing.
    """
    counts = {}
    for key, days in days_chosen().items():
        while done := _some(RULES[key], at - timedelta(days=days)):
            counts[key] = counts.get(key, 0) + done
    if counts:
        record("privacy.retained", subject="privacy", subject_id=None, by=None, at=at, detail={"rows": counts})
    return counts


@transaction.atomic
def _some(rule: Rule, before: datetime) -> int:
    due = rule.due(before)
    ids = list(due.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    rows = due.model._default_manager.filter(pk__in=ids)
    if rule.fields:
        return rows.update(**dict(rule.fields))
    if rule.file:
        for one in rows.exclude(**{rule.file: ""}):
            file = getattr(one, rule.file)
            transaction.on_commit(lambda file=file: file.storage.delete(file.name))
    rows.delete()
    return len(ids)
