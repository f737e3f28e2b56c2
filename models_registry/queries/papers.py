"""The paper side of a dossier: what was signed and scanned, and who entered it for whom."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.models import Event
from models_registry.models import Attachment, Dossier
from models_registry.queries.dossiers import named_in
from vietnamese.display import instant_text


def with_papers(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add `is_on_paper` and `is_entered_for`, whether there are scans and whether somebody entered it for another;
    part of the one query.
    """
    scans = Attachment.objects.filter(dossier=OuterRef("pk"), signed_version__isnull=False)
    entered = Event.objects.filter(subject="dossier", subject_id=OuterRef("pk"), on_behalf_of__isnull=False)
    return dossiers.annotate(is_on_paper=Exists(scans), is_entered_for=Exists(entered))


def entered_by_others(dossier: Dossier) -> list[str]:
    """Return "A thay B" for each who entered something of a dossier for another; one query.

    No query where it was loaded as entered by its own people.
    """
    if not getattr(dossier, "is_entered_for", True):
        return []
    return entered_in(Event.objects.about("dossier", dossier.pk).filter(on_behalf_of__isnull=False).order_by("id"))


def entered_in(events: Iterable[Event]) -> list[str]:
    """Return "A thay B" for each who did one of these for another, by the names of when it began; no query."""
    pairs = {}
    for event in events:
        if event.on_behalf_of_id is not None:
            pairs.setdefault((event.actor_id, event.on_behalf_of_id), {"who": event.who, "whom": event.for_whom})
    return [_("%(who)s thay %(whom)s") % names for names in pairs.values()]


def files_shown(dossier: Dossier, content: dict, *, own: bool) -> tuple[list[dict], list[dict]]:
    """Return the files a content names and the scans of the signed paper (`signed_papers`); one query where any."""
    named, has_scans = [file["id"] for file in content.get("attachments", [])], getattr(dossier, "is_on_paper", True)
    if not named and not has_scans:
        return [], []
    scans = Q(dossier=dossier, signed_version__isnull=False)
    found = list(Attachment.objects.filter(Q(pk__in=named) | scans).in_paper_order())
    return named_in(content, found), _scans(dossier, [one for one in found if one.signed_version], own=own)


def signed_papers(dossier: Dossier, *, own: bool) -> list[dict]:
    """Return the scans of the signed paper as the file list shows them, newest version first; one query.

    Outside the `own` unit only those of versions that were sent. `stale` says the draft was changed after the scan.
    No query where it was loaded as one without scans.
    """
    return _scans(dossier, dossier.attachments.signed(), own=own) if getattr(dossier, "is_on_paper", True) else []


def _scans(dossier: Dossier, scans: Iterable[Attachment], *, own: bool) -> list[dict]:
    return [
        {
            "pk": scan.pk,
            "name": scan.name,
            "size": scan.size,
            "url": reverse("models_registry:attachment", args=[scan.pk]),
            "note": _said_of(scan),
            "held": scan.get_held_display(),
            "version": scan.signed_version,
            "stale": scan.signed_version > dossier.version and scan.added_at < dossier.changed_at,
        }
        for scan in scans
        if own or scan.signed_version <= dossier.version
    ]


def _said_of(scan) -> str:
    told = {"n": scan.signed_version, "signer": scan.signed_by, "who": scan.added_by, "at": instant_text(scan.added_at)}
    if scan.added_by_id == scan.signed_by_id:
        return _("bản %(n)d, %(signer)s ký, đính kèm %(at)s") % told
    return _("bản %(n)d, %(signer)s ký, %(who)s đính kèm thay, %(at)s") % told
