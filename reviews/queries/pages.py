"""One dossier as the board reads it: its versions, what was judged and decided, and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from journal.names import name_then
from journal.questions import Blank, Question
from models_registry import gate
from models_registry.describing import Section, describe
from models_registry.hidden_names import masks_names
from models_registry.lifecycle import MOVES, State, Step
from models_registry.models import Criterion, Dossier, DossierVersion, Remark, Turn
from models_registry.queries.remarks import placed, remarks_of
from models_registry.querysets.conflicts import is_barred
from organizations.permissions import Action, may
from reviews.comparison import SectionChange, compare
from reviews.models import Assignment, Decision, Judgement, Look
from reviews.queries.sheets import Panel, panels_of


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What the appraisal page shows. `mine` are the viewer's judgements of the version at hand, by criterion.

    `before` is the version the viewer looked at last, or without a look of one's own the one before (`has_looked`).
    `is_new` says that the viewer never opened the version at hand.
    """

    dossier: Dossier
    versions: list[DossierVersion]
    sections: list[Section]
    masked: bool
    criteria: list[Criterion]
    mine: dict[int, Judgement]
    panel: Panel
    holding: Assignment | None
    seat: Assignment | None
    before: DossierVersion | None
    has_looked: bool
    is_new: bool
    changes: list[SectionChange]
    earlier: "Earlier | None"
    remarks: dict[int, dict[str, Remark]]

    @property
    def holds(self) -> bool:
        """Whether the viewer leads."""
        return self.seat is not None and self.seat.is_lead

    @property
    def scores(self) -> bool:
        """Whether the viewer's sheet is open."""
        return self.seat is not None and self.seat.finished_at is None

    @property
    def asked(self) -> Sequence[Criterion]:
        """What the viewer still marks."""
        return self.criteria if self.scores else ()

    @property
    def proposes(self) -> bool:
        """Whether the viewer may propose: every sheet is in, or the own is the only one."""
        return self.holds and (self.panel.is_complete if not self.scores else not self.panel.several)

    @property
    def can_rework(self) -> bool:
        """Whether the viewer's sheet may be opened again: nobody else's was handed in."""
        if self.seat is None or self.scores:
            return False
        return not any(one.finished_at for one in self.panel.seats if one.appraiser_id != self.seat.appraiser_id)

    @property
    def has_room(self) -> bool:
        return self.seat is None and len(self.panel.open_seats) < self.panel.asked

    @property
    def version(self) -> DossierVersion:
        return self.versions[-1]

    @property
    def decision(self) -> Decision | None:
        """The board's word on the version at hand, announced or not."""
        return getattr(self.version, "decision", None)

    @property
    def prepared(self) -> Decision | None:
        """That word while nobody outside the board knows of it."""
        return self.decision if self.decision and self.decision.announced_at is None else None

    @property
    def asked_since(self) -> list["Asked"]:
        """What was asked of `before` and of each version after it, latest first."""
        since = self.before.number if self.before else self.version.number
        found = (self._asked(one) for one in reversed(self.versions[:-1]) if one.number >= since)
        return [one for one in found if one.reason or one.remarks]

    def _asked(self, then: DossierVersion) -> "Asked":
        said = self.remarks.get(then.number, {})
        reason = then.decision.reason if hasattr(then, "decision") else ""
        if not said:
            return Asked(then.number, reason, [])
        changed = {row.key: one.key for one in changes_between(then, self.version, self.masked) for row in one.rows}
        for remark in said.values():
            remark.moved = remark.place in {"", *changed, *changed.values()} and bool(changed)
        return Asked(then.number, reason, placed(said, [*described(then, self.masked), *self.sections]))

    @property
    def pinned(self) -> dict[str, Remark]:
        """What was asked of this version, or of the one before while this one is unanswered, by place."""
        number = self.version.number
        return self.remarks.get(number) or self.remarks.get(number - 1, {})


class Asked(NamedTuple):
    """What the board asked of one version: why, and its remarks with the answers and whether the place changed."""

    number: int
    reason: str
    remarks: list[Remark]


def appraisal_of(dossier: Dossier, user) -> Appraisal:
    """Return the page's rows; six queries beside the dossier's own."""
    versions = versions_of(dossier, by=user)
    looked = {one.pk for one in versions if one.looked}
    panels = panels_of(dossier, user)
    panel = panels[dossier.version]
    held = panel.open_seats if dossier.state == State.UNDER_APPRAISAL else []
    before = _last_seen(versions, looked)
    masked = masks_names(user, dossier)
    return Appraisal(
        dossier=dossier,
        versions=versions,
        sections=described(versions[-1], masked),
        masked=masked,
        criteria=panel.criteria,
        mine={one.criterion_id: one for one in panel.own(user)},
        panel=panel,
        holding=next((seat for seat in held if seat.is_lead), None),
        seat=next((seat for seat in held if seat.appraiser_id == user.pk), None),
        before=before,
        has_looked=bool(looked - {versions[-1].pk}),
        is_new=versions[-1].pk not in looked,
        earlier=_earlier(versions, panels, user, masked),
        changes=changes_between(before, versions[-1], masked) if before else [],
        remarks=remarks_of(dossier, user),
    )


def may_reopen(user, dossier: Dossier, decision: Decision | None) -> bool:
    """Whether this person, a second one, may end the decision now; asks for conflicts only where all else is right."""
    second = decision is not None and decision.announced_at is not None and decision.by_id != user.pk
    open_now = second and dossier.state in MOVES[Step.REOPEN].sources and may(user, Action.REOPEN)
    if not open_now:
        return False
    return Step.REOPEN in gate.open_steps(dossier, MOVES, by=user, conflicted=is_barred(user, dossier))


def versions_of(dossier: Dossier, *, by=None) -> list[DossierVersion]:
    """Return the frozen versions, oldest first, each with who sent it and how it left the board; one query.

    `by` somebody, each says too whether they have `looked` at it.
    """
    return _versions(by is not None, dossier=dossier.pk, person=by.pk if by else None)


@Question
def _versions(looked: bool):
    people = [f"{who}__{name}" for who in ("submitted_by", "decision__by") for name in ("full_name", "username")]
    shown = ("dossier", "number", "content", "submitted_at", *people)
    told = ("prepared_at", "announced_at", "announcement__due_at")
    said = [f"decision__{name}" for name in ("version", "outcome", "reason", *told)]
    found = DossierVersion.objects.filter(dossier=Blank("dossier"))
    found = found.select_related("submitted_by", "decision__by", "decision__announcement")
    found = found.only(*shown, *said).annotate(sender_then=name_then("submitted_by", "submitted_at")).order_by("number")
    looks = Look.objects.filter(version=OuterRef("pk"), person=Blank("person"))
    return found.annotate(looked=Exists(looks)) if looked else found


def described(version: DossierVersion, masked: bool) -> list[Section]:
    return describe(version.content, mask_names=masked)


def changes_between(before: DossierVersion, after: DossierVersion, masked: bool) -> list[SectionChange]:
    return compare(described(before, masked), described(after, masked), (_files_of(before), _files_of(after)))


def _files_of(version: DossierVersion) -> dict[int, str]:
    return {file["id"]: file["name"] for file in version.content.get("attachments", [])}


def _last_seen(versions: Sequence[DossierVersion], looked: set[int]) -> DossierVersion | None:
    """The version before the newest that the viewer opened last; without one, the version before it."""
    earlier = versions[:-1]
    return next((one for one in reversed(earlier) if one.pk in looked), earlier[-1] if earlier else None)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The viewer's own marks of an earlier version; stale where the dossier moved on in the sections named."""

    version: DossierVersion
    judgements: list[Judgement]
    moved_on: list[str]


def moved_on(version: DossierVersion, newest: DossierVersion, masked: bool) -> list[str]:
    """Return the titles of the sections that changed since a version: where not empty, what was judged is stale."""
    return [] if version.pk == newest.pk else [one.title for one in changes_between(version, newest, masked)]


def _earlier(versions, panels: dict[int, Panel], user, masked: bool) -> Earlier | None:
    """Return the own marks of the last version before the newest that may still be taken over."""
    *before, newest = versions
    panel = panels[newest.number]
    judged = {one.criterion_id for one in panel.own(user)}
    wanted = {one.code for one in panel.criteria if one.pk not in judged}
    for version in reversed(before):
        own = panels[version.number].own(user) if version.number in panels else ()
        if found := [one for one in own if one.criterion.code in wanted]:
            return Earlier(version, found, moved_on(version, newest, masked))
    return None


@dataclass(frozen=True, slots=True)
class Round:
    """One version's way through the board; `panel` is who scored it and how, None outside the board.

    `moved_on` are the sections that changed after it was judged; `due` is the unit's turn that its return began.
    """

    version: DossierVersion
    decision: Decision | None
    remarks: list[Remark]
    panel: Panel | None
    moved_on: list[str]
    due: Turn | None


def rounds_of(dossier: Dossier, user) -> list[Round]:
    """Return every version with its decision, remarks and judgements, newest first; seven queries."""
    versions = versions_of(dossier)
    turns = {one.began_at: one for one in Turn.objects.filter(dossier=dossier, side=Turn.Side.UNIT)}
    remarks, masked = remarks_of(dossier, user), masks_names(user, dossier)
    decisions = {one.version_id: one for one in Decision.objects.of_dossier(dossier)}
    panels = panels_of(dossier, user)
    return [
        Round(
            version=version,
            decision=decisions.get(version.pk),
            remarks=placed(remarks.get(version.number, {}), described(version, masked)),
            panel=panels.get(version.number),
            moved_on=moved_on(version, versions[-1], masked) if version.number in panels else [],
            due=turns.get(decisions[version.pk].announced_at) if version.pk in decisions else None,
        )
        for version in reversed(versions)
    ]
