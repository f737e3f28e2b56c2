"""What waits in dossiers, what a dossier's page shows, and the choices its forms offer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, F, IntegerField, JSONField, Q, When
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.awaiting import Awaited
from journal.models import Event
from journal.questions import Blank, Question, in_one_row
from models_registry.content import content_of
from models_registry.lifecycle import MOVES, ItemState, State
from models_registry.models import (
    Attachment,
    Comment,
    Dossier,
    DossierVersion,
    ResolutionTarget,
    Shortcoming,
    WorkItem,
)
from organizations.models import Post, Unit
from organizations.permissions import Action, may
from organizations.seats import Sight

STARTED = "dossier.started"
TITLES = {STARTED: gettext_lazy("Bắt đầu soạn"), **{f"dossier.{step}": step.label for step in MOVES}}
ROLES = dict(Post.Role.choices)
OF_VERSION = ("number", "submitted_at", "submitted_by__full_name", "submitted_by__username", "dossier")


@Sight
def _held(user, today: date):
    """How many dossiers the unit has in hand, each way."""
    returned = Q(state=State.REVISION_REQUESTED)
    return in_one_row(
        Dossier.objects.visible_to(user).held_by_unit(),
        drafts=Count("pk", filter=Q(state=State.DRAFT)),
        returned=Count("pk", filter=returned),
        late=Count("pk", filter=returned & Q(due_on__lt=today)),
    )


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return the drafts and the returned dossiers of the unit one acts for; one query."""
    if not may(user, Action.REGISTER):
        return []
    (counts,) = _held(user, localdate(at))
    listed = reverse("models_registry:dossiers")
    lines = [
        Awaited(
            _("Hồ sơ phải bổ sung theo yêu cầu của Ban"),
            counts["returned"],
            f"{listed}?state={State.REVISION_REQUESTED}",
            "danger" if counts["late"] else "warning",
        ),
        Awaited(_("Bản nháp đang soạn"), counts["drafts"], f"{listed}?state={State.DRAFT}"),
    ]
    return [line for line in lines if line.count]


def files_named(content: dict) -> list[dict]:
    """Return the files a dossier's content names, as components/file_list.html shows them; one query where any."""
    named = content.get("attachments", [])
    found = Attachment.objects.filter(pk__in=[file["id"] for file in named]).exclude(thumbnail="", held="")
    return named_in(content, found.only("thumbnail", "held") if named else ())


def named_in(content: dict, found: Iterable[Attachment]) -> list[dict]:
    """Return the files a content names as a page lists them: of those found with a small picture its address, and what
    holds one back; no query of its own."""
    rows = {row.pk: row for row in found}
    photos = {pk for pk, row in rows.items() if row.thumbnail}
    return [
        {
            "held": rows[file["id"]].get_held_display() if file["id"] in rows else "",
            "pk": file["id"],
            "name": file["name"],
            "size": file["size"],
            "url": reverse("models_registry:attachment", args=[file["id"]]),
            "thumbnail": reverse("models_registry:thumbnail", args=[file["id"]]) if file["id"] in photos else "",
        }
        for file in content.get("attachments", [])
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a dossier's page shows: a frozen version, or the draft itself when nothing was sent yet."""

    content: dict
    version: DossierVersion | None
    versions: tuple[DossierVersion, ...]


@Question
def _versions():
    named = DossierVersion.objects.filter(dossier=Blank("dossier")).select_related("submitted_by").only(*OF_VERSION)
    # A page shows one version whole and lists the others.
    is_wanted = When(number=Blank("wanted", IntegerField()), then=F("content"))
    return named.annotate(whole=Case(is_wanted, default=None, output_field=JSONField()))


def shown(dossier: Dossier, number: int | None = None) -> Shown | None:
    """Return the wanted version, else the newest, else the draft; None when there is no such version.

    One query for what was sent, those of `content_of` for a draft.
    """
    if dossier.version == 0:
        return None if number else Shown(content_of(dossier), None, ())
    wanted = number or dossier.version
    versions = tuple(_versions(dossier=dossier.pk, wanted=wanted))
    version = next((one for one in versions if one.number == wanted), None)
    return version and Shown(version.whole, version, versions)


@Question
def _events():
    """What a dossier's page shows of the journal: its steps, and what somebody entered for another."""
    return Event.objects.about("dossier", Blank("dossier")).filter(Q(verb__in=TITLES) | Q(on_behalf_of__isnull=False))


def events_shown(dossier: Dossier) -> list[Event]:
    """Return the steps of a dossier and what somebody entered for another, oldest first; one query.

    No query of a draft that was loaded as entered by its own people.
    """
    if not dossier.version and not getattr(dossier, "is_entered_for", True):
        return []
    return _events(dossier=dossier.pk)


def timeline(events: Iterable[Event]) -> list[dict]:
    """Return the steps among events as `components/timeline.html` draws them; no query."""
    return [
        {
            "at": event.at,
            "title": TITLES[event.verb],
            "actor": event.who,
            "on_behalf_of": event.for_whom,
            "role": ROLES.get(event.role, ""),
            "note": event.detail.get("reason", ""),
            "state": MOVES[event.verb.removeprefix("dossier.")].target if event.verb != STARTED else State.DRAFT,
        }
        for event in events
        if event.verb in TITLES
    ]


def comments_of(dossier: Dossier, user) -> list[Comment]:
    """Return what `visible_to` shows of the comments on a dossier this person sees; one query, none where it was loaded
    as without any."""
    if not getattr(dossier, "has_comments", True):
        return []
    return _comments(may(user, Action.APPRAISE), dossier=dossier.pk)


@Question
def _comments(internal: bool):
    found = Comment.objects.filter(dossier=Blank("dossier")).with_authors()
    return found if internal else found.filter(audience=Comment.Audience.BOTH)


def row_ids(dossier: Dossier, name: str, number: int | None = None) -> set[int]:
    """Return the ids of the rows of one list, by its name in `services.rows.ROW_WRITERS`.

    `number` is the individual whose works alone are meant. One query; empty for a list whose rows go by no id.
    """
    if name in WorkItem.Kind.values:
        items = dossier.items.filter(kind=name)
        return set((items.filter(subject_number=number) if number else items).values_list("pk", flat=True))
    if name in ("exemplars", "outputs"):
        return set(getattr(dossier.practice, name).values_list("pk", flat=True))
    return set()


def near_units(unit: Unit, day: date) -> list[Unit]:
    """Return the units a unit may work with: those beside it and beside each unit above it; one query."""
    above = unit.ancestor_ids
    beside = Q(placements__parent__in=above, placements__valid_to__isnull=True) | Q(pk__in=above)
    return list(Unit.objects.standing_on(day).filter(beside).exclude(pk=unit.pk).distinct())


def known_tags(dossier: Dossier, most: int = 20) -> list[str]:
    """Return the tags of what the round's body approved last, the most used first; one query."""
    tagged = Dossier.objects.filter(body=dossier.round.body_id, state=State.APPROVED).exclude(tags=[])
    used = Counter(tag for tags in tagged.order_by("-id").values_list("tags", flat=True)[:200] for tag in tags)
    return [tag for tag, _times in used.most_common(most)]


def earlier_models(user, year: int):
    """The own unit's approved models of the years before, newest first."""
    found = Dossier.objects.visible_to(user).filter(unit=user.post.unit_id, year__lt=year, state=State.APPROVED)
    return found.filter(kind=Dossier.Kind.PRACTICE_MODEL).order_by("-year", "-id")


def earlier_works(sheet: Dossier):
    """The approved works of the unit's newest year before a sheet's, without a model's and those carried over already.

    Those of an old register, which have no dossier, are among them. One query.
    """
    works = WorkItem.objects.counted().filter(unit=sheet.unit_id, year__lt=sheet.year)
    works = works.exclude(dossier__kind=Dossier.Kind.PRACTICE_MODEL).exclude(state=ItemState.CARRIED_OVER)
    newest = works.order_by("-year").values("year")[:1]
    return works.filter(year=newest).select_related("measure").order_by("kind", "subject_number", "order", "id")


def has_earlier_works(dossier: Dossier) -> bool:
    """Whether there are works of an earlier year for a sheet to go on with; one query, none for a model."""
    return not dossier.is_model and earlier_works(dossier).exists()


def carried_into(dossier: Dossier) -> int:
    """How many works of the year before go on in a sheet's year, registered already; one query, none for a model."""
    if dossier.is_model:
        return 0
    return WorkItem.objects.filter(unit=dossier.unit_id, year=dossier.year, carried_from__isnull=False).count()


def targets_for(user, year: int):
    """Resolution targets a model of this year may serve: of the own unit and of those above."""
    return ResolutionTarget.objects.visible_to(user).standing().of_year(year)


def shortcomings_for(user, year: int):
    """Shortcomings named this year or last that a model may remedy."""
    return Shortcoming.objects.visible_to(user).standing().filter(year__in=[year, year - 1])
