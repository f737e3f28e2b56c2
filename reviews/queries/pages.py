"""One dossier as the board reads it: its versions, what was judged and decided, and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from journal.names import name_then
from models_registry.content import Section, describe, masks_names
from models_registry.models import Criterion, Dossier, DossierVersion, Remark
from models_registry.queries.remarks import placed, remarks_of
from reviews.comparison import SectionChange, compare
from reviews.models import Assignment, Decision, Judgement
from reviews.queries.appraisal import criteria_of, holding_of


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What the appraisal page shows. `mine` are the viewer's judgements of the version at hand, by criterion."""

    dossier: Dossier
    versions: list[DossierVersion]
    sections: list[Section]
    criteria: list[Criterion]
    mine: dict[int, Judgement]
    holding: Assignment | None
    holders: dict[int, Judgement]
    before: DossierVersion | None
    changes: list[SectionChange]
    remarks: dict[int, dict[str, Remark]]

    @property
    def judged(self) -> list[Judgement]:
        """The holder's judgements in the order of the criteria."""
        found = [one for criterion in self.criteria if (one := self.holders.get(criterion.pk))]
        for one in found:
            one.criterion = next(criterion for criterion in self.criteria if criterion.pk == one.criterion_id)
        return found

    @property
    def version(self) -> DossierVersion:
        return self.versions[-1]

    @property
    def pinned(self) -> dict[str, Remark]:
        """What was asked of this version, or of the one before while this one is unanswered, by place."""
        number = self.version.number
        return self.remarks.get(number) or self.remarks.get(number - 1, {})


def appraisal_of(dossier: Dossier, user) -> Appraisal:
    """Return the page's rows; six queries beside the dossier's own."""
    versions = versions_of(dossier)
    judgements = list(Judgement.objects.visible_to(user).filter(version__dossier=dossier))
    holding = holding_of(dossier.pk)
    current = [one for one in judgements if one.version_id == versions[-1].pk]
    judge = holding.appraiser_id if holding else None
    before = _last_judged(versions, {one.version_id for one in judgements if one.appraiser_id == user.pk})
    masked = masks_names(user, dossier)
    return Appraisal(
        dossier=dossier,
        versions=versions,
        sections=described(versions[-1], masked),
        criteria=criteria_of(dossier),
        mine={one.criterion_id: one for one in current if one.appraiser_id == user.pk},
        holding=holding,
        holders={one.criterion_id: one for one in current if judge in (None, one.appraiser_id)},
        before=before,
        changes=changes_between(before, versions[-1], masked) if before else [],
        remarks=remarks_of(dossier, user),
    )


def versions_of(dossier: Dossier) -> list[DossierVersion]:
    """Return the frozen versions, oldest first, each with who sent it and how it left the board; one query."""
    people = [f"{who}__{name}" for who in ("submitted_by", "decision__by") for name in ("full_name", "username")]
    shown = ("dossier", "number", "content", "submitted_at", *people)
    said = ("decision__version", "decision__outcome", "decision__reason", "decision__announced_at")
    found = dossier.versions.select_related("submitted_by", "decision__by").only(*shown, *said)
    return list(found.annotate(sender_then=name_then("submitted_by", "submitted_at")).order_by("number"))


def described(version: DossierVersion, masked: bool) -> list[Section]:
    return describe(version.content, mask_names=masked)


def changes_between(before: DossierVersion, after: DossierVersion, masked: bool) -> list[SectionChange]:
    return compare(described(before, masked), described(after, masked))


def _last_judged(versions: Sequence[DossierVersion], own: set[int]) -> DossierVersion | None:
    """The version before the newest that the viewer judged last; without one, the version before it."""
    earlier = versions[:-1]
    return next((one for one in reversed(earlier) if one.pk in own), earlier[-1] if earlier else None)


@dataclass(frozen=True, slots=True)
class Round:
    """One version's way through the board; `judged` is [(appraiser, [judgements])], empty outside the board."""

    version: DossierVersion
    decision: Decision | None
    remarks: list[Remark]
    judged: list[tuple]


def rounds_of(dossier: Dossier, user) -> list[Round]:
    """Return every version with its decision, remarks and judgements, newest first; five queries."""
    remarks, masked = remarks_of(dossier, user), masks_names(user, dossier)
    decisions = {one.version_id: one for one in Decision.objects.of_dossier(dossier)}
    visible = Judgement.objects.visible_to(user).filter(version__dossier=dossier)
    judgements = visible.select_related("criterion", "appraiser").order_by("appraiser", "criterion__order", "id")
    judgements = list(judgements.annotate(judge_then=name_then("appraiser", "at")))
    return [
        Round(
            version=version,
            decision=decisions.get(version.pk),
            remarks=placed(remarks.get(version.number, {}), described(version, masked)),
            judged=_by_appraiser(one for one in judgements if one.version_id == version.pk),
        )
        for version in reversed(versions_of(dossier))
    ]


def _by_appraiser(judgements) -> list[tuple]:
    people = (list(own) for _person, own in groupby(judgements, key=lambda one: one.appraiser_id))
    return [(own[0].judge_then or own[0].appraiser, own) for own in people]
