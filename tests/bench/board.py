"""What lies on the board's table: who scores which dossier, marks handed in, and conflicts of interest."""

import datetime as dt

from models_registry.lifecycle import State
from models_registry.models import ConflictDeclaration, Criterion, DossierVersion
from models_registry.scales import levels_of
from organizations.models import Post
from reviews.models import Assignment, Judgement

BARRED = 100  # dossiers each of the board declared a conflict with


def appraise(dossiers, people: dict, now) -> None:
    """Put each dossier under appraisal into two pairs of hands, both sheets handed in, and the first one's proposal."""
    held = [one for one in dossiers if one.state == State.UNDER_APPRAISAL]
    proposal = {"proposed": "approve", "proposed_at": now}
    hands = (("appraiser", True, proposal), ("colleague", False, {}))
    Assignment.objects.bulk_create(
        [
            Assignment(
                dossier=dossier, appraiser=people[who], taken_at=now, is_lead=is_lead, finished_at=now, **proposed
            )
            for who, is_lead, proposed in hands
            for dossier in held
        ],
        batch_size=2000,
    )
    _mark(held, [people[who] for who, _is_lead, _proposed in hands], now)


def _mark(dossiers, people, now) -> None:
    """Mark every criterion of every version, by each of these people."""
    by_set: dict[int, list] = {}
    for criterion in Criterion.objects.all():
        if levels := levels_of(criterion):
            by_set.setdefault(criterion.criterion_set_id, []).append((criterion, levels[0].key))
    round_ = dossiers[0].round
    asked = {model: by_set[round_.model_criteria_id if model else round_.sheet_criteria_id] for model in (True, False)}
    versions = dict(DossierVersion.objects.filter(dossier__in=dossiers).values_list("dossier", "pk"))
    Judgement.objects.bulk_create(
        (
            Judgement(version_id=versions[dossier.pk], criterion=criterion, appraiser=person, mark=mark, at=now)
            for dossier in dossiers
            for criterion, mark in asked[dossier.is_model]
            for person in people
        ),
        batch_size=4000,
    )


def bar(dossiers, people: dict, *, board, cell, now) -> None:
    """Let everybody of the board have declared conflicts, and the appraiser have once sat in a cell."""
    waiting = [one for one in dossiers if one.state == State.SUBMITTED and not one.is_model]
    ConflictDeclaration.objects.bulk_create(
        ConflictDeclaration(
            body=board,
            person=people[who],
            dossier=dossier,
            reason="Người thân",
            declared_by=people[who],
            declared_at=now,
        )
        for n, who in enumerate(("head", "appraiser", "colleague"))
        for dossier in waiting[n * BARRED : (n + 1) * BARRED]
    )
    began, ended = now - dt.timedelta(days=400), now - dt.timedelta(days=100)
    Post.objects.create(person=people["appraiser"], unit=cell, role="secretary", starts_at=began, ends_at=ended)
