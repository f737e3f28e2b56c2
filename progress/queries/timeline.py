"""What happened to one item, told in order; and what its unit may ask for now."""

from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.names import name_then
from models_registry.models import WorkItem
from progress.lifecycle import ITEM_MOVES, carry_over_asked_from, due_after
from progress.models import ChangeRequest, Fact, QuarterlyCheck
from vietnamese.display import day_text, number_text, quarter_text


def facts_of(item: WorkItem) -> list[Fact]:
    """Return the item's facts in the order they became known, each with who told it; one query."""
    facts = item.facts.select_related("by").annotate(name_then=name_then("by", "at"))
    return list(facts.order_by("at", "id"))


def checks_of(item: WorkItem) -> list[QuarterlyCheck]:
    """Return an ongoing item's checks in the order recorded, each with by whom; one query, none for other work."""
    if not item.ongoing:
        return []
    checks = item.checks.in_order().select_related("recorded_by")
    return list(checks.annotate(name_then=name_then("recorded_by", "recorded_at")))


def requests_of(item: WorkItem) -> list[ChangeRequest]:
    """Return what was asked about the item, newest first, with who asked and who decided; one query."""
    asked = item.change_requests.select_related("asked_by", "decided_by")
    decided = name_then("decided_by", "decided_at")
    return list(asked.annotate(asker_then=name_then("asked_by", "asked_at"), decider_then=decided))


def happenings(item: WorkItem, facts: list[Fact], requests: list[ChangeRequest], checks=(), notes=()) -> list[dict]:
    """Return the item's story, newest first, as the timeline shows it; no query.

    The chain of due days is told at each extension: which day it moved to, or that it came too late to move it.
    """
    events = [{"at": item.approved_at, "title": _("Được duyệt"), "state": "approved", "note": ""}]
    due = item.due_on or item.due_in_force
    for fact in facts:
        moved = due_after(due, fact.due_on, decided_on=localdate(fact.at)) if fact.kind == Fact.Kind.EXTENDED else due
        events.append(
            {
                "at": fact.at,
                "title": fact.get_kind_display(),
                "actor": fact.name_then or fact.by,
                "state": _COLOURS.get(fact.kind, ""),
                "note": "\n".join(filter(None, [_note(fact, due, moved), fact.reason])),
            }
        )
        due = moved
    for asked in requests:
        kind, asker = asked.get_kind_display(), asked.asker_then or asked.asked_by
        decider = asked.decider_then or asked.decided_by
        events.append(
            {"at": asked.asked_at, "title": _("Đề nghị: %(kind)s") % {"kind": kind}, "actor": asker}
            | {"note": asked.reason, "state": "submitted"}
        )
        if asked.outcome == ChangeRequest.Outcome.WITHDRAWN:
            title = _("Rút đề nghị: %(kind)s") % {"kind": kind}
            events.append({"at": asked.decided_at, "title": title, "actor": decider, "note": ""})
        elif asked.outcome:
            title = _("%(outcome)s với đề nghị: %(kind)s") % {"outcome": asked.get_outcome_display(), "kind": kind}
            events.append({"at": asked.decided_at, "title": title, "actor": decider, "note": asked.answer})
    for check in checks:
        said = {"quarter": quarter_text(check.quarter, item.year), "verdict": check.get_verdict_display()}
        title = _("Kiểm tra %(quarter)s: %(verdict)s") % said
        actor = check.name_then or check.recorded_by
        events.append({"at": check.recorded_at, "title": title, "actor": actor, "note": check.remark})
    for note in notes:
        amount = f"{number_text(note.value)} {note.measure.name}\n" if note.value is not None else ""
        events.append(
            {"at": note.reported_at, "title": _("Ghi tiến độ"), "actor": note.reporter, "note": amount + note.result}
        )
    return sorted(events, key=lambda event: event["at"], reverse=True)


_COLOURS = {
    "completed": "submitted",
    "confirmed": "approved",
    "refused": "revision_requested",
    "revoked": "rejected",
    "failed": "rejected",
}


def _note(fact: Fact, due, moved) -> str:
    match fact.kind:
        case "completed":
            return _("Hoàn thành ngày %(day)s") % {"day": day_text(fact.on)}
        case "extended" if moved != due:
            return _("Hạn chuyển từ %(old)s sang %(new)s") % {"old": day_text(due), "new": day_text(moved)}
        case "extended":
            return _("Hẹn đến %(new)s; quyết định sau khi hết hạn nên hạn %(old)s vẫn giữ để tính tỷ lệ") % {
                "old": day_text(due),
                "new": day_text(fact.due_on),
            }
        case "excluded":
            return _("%(why)s, có hiệu lực từ %(day)s") % {
                "why": fact.get_exclusion_display(),
                "day": day_text(fact.on),
            }
        case "suspended" | "resumed" | "terminated" if fact.on:
            return _("Có hiệu lực từ %(day)s") % {"day": day_text(fact.on)}
        case "carried_over":
            return _("Hạn mới %(day)s") % {"day": day_text(fact.due_on)}
    return ""


def open_requests(item: WorkItem, today: date) -> list[ChangeRequest.Kind]:
    """Return the kinds of request the item's state and the day let its unit make; no query."""
    if item.excluded_at:
        return []
    too_early = {ChangeRequest.Kind.CARRY_OVER} if today < carry_over_asked_from(item.year) else set()
    return [kind for kind in ChangeRequest.Kind if item.state in ITEM_MOVES[kind].sources and kind not in too_early]
