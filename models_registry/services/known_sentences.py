"""Keeps the sentences of what was sent (advice.py), whenever a version is frozen."""

from django.db.models import Exists, IntegerField, OuterRef

from journal.questions import Among, Blank, Question
from models_registry.advice import Passage, passages_of, scope_of, signature
from models_registry.models import Dossier, KnownSentence, SentenceMark, SentenceUse


def remember(dossier: Dossier, content: dict) -> None:
    """Replace what is known of a sent dossier, its unit loaded, by this content; six queries, within a transaction."""
    SentenceUse.objects.filter(dossier=dossier).delete()
    passages = {digest_of(one): one for one in passages_of(content)}
    ids = _known(dossier, passages)
    SentenceUse.objects.bulk_create(
        SentenceUse(sentence_id=ids[digest], dossier=dossier, passage=one.text, is_title=one.is_title)
        for digest, one in passages.items()
    )


def relearn(dossier: Dossier, content: dict) -> None:
    """As `remember`, and forget the sentences nobody else holds: something that stood in them must be gone."""
    before = list(SentenceUse.objects.filter(dossier=dossier).values_list("sentence", flat=True))
    remember(dossier, content)
    used = SentenceUse.objects.filter(sentence=OuterRef("pk"))
    KnownSentence.objects.filter(~Exists(used), pk__in=before).delete()


def digest_of(passage: Passage) -> int:
    return signature(passage.folded, "")[0]


def _known(dossier: Dossier, passages: dict[int, Passage]) -> dict[int, int]:
    """Return {digest: id} of the sentences, making those nobody sent yet under this board and year."""
    here = {"body": dossier.body_id, "year": dossier.year, "digests": passages}
    KnownSentence.objects.bulk_create(
        [
            KnownSentence(body_id=dossier.body_id, year=dossier.year, digest=digest, text=one.folded)
            for digest, one in passages.items()
        ],
        ignore_conflicts=True,
    )
    scope = scope_of(dossier.unit.path, dossier.year)
    SentenceMark.objects.bulk_create(
        SentenceMark(sentence_id=pk, mark=mark) for pk, text in _unmarked(**here) for mark in signature(text, scope)
    )
    return dict(_here(**here))


@Question
def _here():
    here = KnownSentence.objects.filter(Among("digest", "digests"), body=Blank("body"))
    return here.filter(year=Blank("year", IntegerField())).values_list("digest", "pk")


@Question
def _unmarked():
    here = KnownSentence.objects.filter(Among("digest", "digests"), body=Blank("body"))
    here = here.filter(year=Blank("year", IntegerField()))
    return here.exclude(Exists(SentenceMark.objects.filter(sentence=OuterRef("pk")))).values_list("pk", "text")
