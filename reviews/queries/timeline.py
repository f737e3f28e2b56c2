"""A dossier's whole story as one reader may read it: who did what when, on which version, and who was told."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.models import Event, Notice
from journal.names import name_then
from models_registry.hidden_names import masks_names
from models_registry.models import Dossier
from models_registry.queries.remarks import placed, remarks_of
from organizations.models import Post
from organizations.permissions import Action, may
from reviews.happenings import of_kind, readable, state_after, titles
from reviews.queries.pages import described, versions_of
from vietnamese.display import day_text, instant_text

# Names told of one event before the rest is counted.
NAMED = 6
ROLES = dict(Post.Role.choices)


def events_of(dossier: Dossier, user, kind: str = "") -> QuerySet[Event]:
    """Return what happened to the dossier as far as this person may read it, newest first."""
    seen = readable(of_board=may(user, Action.APPRAISE), of_unit=_is_of(dossier, user), sent_at=dossier.submitted_at)
    events = Event.objects.about("dossier", dossier.pk).filter(seen)
    if kind:
        # By ids, so that an event told to many is one row.
        events = events.filter(pk__in=Event.objects.filter(of_kind(kind), subject="dossier", subject_id=dossier.pk))
    return events.order_by("-at", "-pk")


def told(dossier: Dossier, user, events: Iterable[Event]) -> list[dict]:
    """Return these events as components/timeline.html draws them; at most four queries, however many events."""
    events, named = list(events), titles()
    notices = _notices(dossier, user, events)
    remarks = _remarks(dossier, user, events)
    files = _files(dossier, events)
    return [
        {
            "at": event.at,
            "title": _titled(event, named[event.verb]),
            "actor": event.who,
            "on_behalf_of": event.for_whom,
            "role": ROLES.get(event.role, ""),
            "note": "\n".join(filter(None, [files.get(event.pk) or _said(event), *remarks.get(event.pk, ())])),
            "state": state_after(event.verb),
            "told": notices.get(event.pk, ""),
            "url": _where(dossier, event, user),
        }
        for event in events
    ]


def _is_of(dossier: Dossier, user) -> bool:
    return user.post is not None and user.post.unit_id == dossier.unit_id


def _titled(event: Event, title) -> str:
    version = event.detail.get("version")
    return _("%(title)s (bản %(n)d)") % {"title": title, "n": version} if version else str(title)


def _said(event: Event) -> str:
    """Return what the event itself says: its reason, how many criteria; a mark is the sheet's to show."""
    detail = event.detail
    if marks := detail.get("marks"):
        return ngettext("%(count)d tiêu chí", "%(count)d tiêu chí", len(marks)) % {"count": len(marks)}
    if {"from", "to"} <= detail.keys():
        days = {"old": day_text(date.fromisoformat(detail["from"])), "new": day_text(date.fromisoformat(detail["to"]))}
        return "\n".join([_("Hạn chuyển từ %(old)s sang %(new)s") % days, detail.get("reason", "")]).strip()
    return detail.get("reason") or detail.get("symbol") or ""


def _files(dossier: Dossier, events: list[Event]) -> dict[int, str]:
    """Return {event: the name of the file it is about}, while that file is kept; one query where one is."""
    about = {event.pk: event.detail["attachment"] for event in events if "attachment" in event.detail}
    names = dict(dossier.attachments.filter(pk__in=about.values()).values_list("pk", "name")) if about else {}
    return {event: names[pk] for event, pk in about.items() if pk in names}


def _where(dossier: Dossier, event: Event, user) -> str:
    if state_after(event.verb) and event.detail.get("version"):
        return reverse("reviews:history", args=[dossier.pk]) + f"#version-{event.detail['version']}"
    return ""


def _remarks(dossier: Dossier, user, events: list[Event]) -> dict[int, list[str]]:
    """Return {event: what was remarked at which place, and answered}; two queries where something was returned."""
    returned = {event.detail.get("version"): event.pk for event in events if event.verb == "dossier.request_revision"}
    if not returned:
        return {}
    found, masked = remarks_of(dossier, user), masks_names(user, dossier)
    sections = {one.number: described(one, masked) for one in versions_of(dossier) if one.number in returned}
    return {
        event: [line for remark in placed(found.get(number, {}), sections.get(number, ())) for line in _lines(remark)]
        for number, event in returned.items()
    }


def _lines(remark) -> list[str]:
    lines = [f"• {remark.called}: {remark.text}"]
    return [*lines, _("Đơn vị trả lời: %(answer)s") % {"answer": remark.answer}] if remark.answer else lines


def _notices(dossier: Dossier, user, events: list[Event]) -> dict[int, str]:
    """Return {event: who was told, and has read it}; outside the board the own unit's people alone. One query."""
    found = Notice.objects.filter(event__in=[event.pk for event in events]).select_related("recipient").order_by("pk")
    if not may(user, Action.APPRAISE):
        found = found.filter(post__unit=user.post.unit_id) if user.post else found.none()
    people = defaultdict(list)
    for notice in found.annotate(name=name_then("recipient", "event__at")):
        people[notice.event_id].append(_reader(notice))
    return {event: _enumerated(names) for event, names in people.items()}


def _reader(notice: Notice) -> str:
    name = notice.name or str(notice.recipient)
    return (
        _("%(name)s (đã xem %(at)s)") % {"name": name, "at": instant_text(notice.read_at)} if notice.read_at else name
    )


def _enumerated(names: list[str]) -> str:
    more = len(names) - NAMED
    line = "; ".join(names[:NAMED])
    return _("%(names)s và %(more)d người khác") % {"names": line, "more": more} if more > 0 else line
