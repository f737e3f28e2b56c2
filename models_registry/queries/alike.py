"""What of a sent dossier stands in others' of the same tree, who sent it before: for those who read it at its board."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Min

from models_registry.advice import Passage, passages_of, signature
from models_registry.models import Dossier, DossierVersion, SentenceUse
from models_registry.queries.adoption import family_of
from models_registry.queries.advice import GONE, known_alike


@dataclass(frozen=True, slots=True)
class Likeness:
    """One own sentence (id of the known one) and the like one of a dossier that was sent before.

    `common` says that many units write it.
    """

    mine: int
    theirs: int
    dossier: int
    common: bool


def likenesses(dossier: Dossier, content: dict, *, common_units: int) -> tuple[list[Likeness], int]:
    """Return the sentences that other units of the tree sent before, and how many own ones were looked for.

    Left out: titles, what the own unit or one that works along wrote before, and the same family of copies. What more
    than `common_units` other units write is common. Eight queries at most.
    """
    passages = [one for one in passages_of(content) if not one.is_title]
    if not passages:
        return [], 0
    pairs = defaultdict(set)
    for pk, passage in known_alike(passages, dossier):
        pairs[pk].add(passage)
    own, along = _own_sentences(dossier), {dossier.unit_id, *dossier.co_units.values_list("pk", flat=True)}
    uses_of = _by_passage(pairs, dossier)
    first = _first_sent({use.dossier_id for uses in uses_of.values() for use in uses} | {dossier.pk})
    kin = _kin(dossier, first)
    found = []
    for passage, uses in uses_of.items():
        mine = own.get(signature(passage.folded, "")[0])
        earlier = [use.dossier_id for use in uses if use.dossier.unit_id in along]
        since = min(first[pk] for pk in [dossier.pk, *earlier])
        others = [use for use in uses if use.dossier.unit_id not in along]
        common = len({use.dossier.unit_id for use in others}) > common_units
        before = [use for use in others if mine and use.dossier_id not in kin and first[use.dossier_id] < since]
        found += [Likeness(mine, use.sentence_id, use.dossier_id, common) for use in before]
    return found, len(passages)


def _by_passage(pairs: dict[int, set[Passage]], dossier: Dossier) -> dict[Passage, list[SentenceUse]]:
    uses = SentenceUse.objects.filter(sentence__in=pairs, is_title=False).exclude(dossier__state__in=GONE)
    found = defaultdict(list)
    for use in uses.exclude(dossier=dossier.pk).select_related("dossier").only("sentence", "dossier__unit"):
        for passage in pairs[use.sentence_id]:
            found[passage].append(use)
    return found


def _own_sentences(dossier: Dossier) -> dict[int, int]:
    """Return {digest: id} of the sentences the dossier is known by."""
    return dict(SentenceUse.objects.filter(dossier=dossier).values_list("sentence__digest", "sentence"))


def _first_sent(ids: set[int]) -> dict[int, tuple]:
    """Return {dossier: when it was first sent}, so that of two the earlier is less; one query."""
    firsts = (
        DossierVersion.objects.filter(dossier__in=ids).order_by().values("dossier").annotate(at=Min("submitted_at"))
    )
    return {pk: (at, pk) for pk, at in firsts.values_list("dossier", "at")}


def _kin(dossier: Dossier, ids) -> set[int]:
    """Return those that are of its family of copies or shared by its unit; two queries."""
    shared = Dossier.co_units.through.objects.filter(dossier__in=ids, unit=dossier.unit_id)
    return {*family_of(dossier), *shared.values_list("dossier", flat=True)}
