"""One dossier as its page shows it, found within sight."""

from django.db.models import Exists, OuterRef, QuerySet, TextField

from journal.questions import Blank, Question
from models_registry.models import Comment, Dossier, Remark
from models_registry.queries.papers import with_papers
from models_registry.queries.recognition import with_recognition
from models_registry.querysets.conflicts import barred_from
from models_registry.querysets.dossiers import bounds
from organizations.permissions import REACH, Reach


@Question
def _on_a_page(kind: Reach):
    limits = {"unit": Blank("unit"), "path": Blank("path", TextField()), "path_end": Blank("path_end", TextField())}
    found = Dossier.objects.within(kind, **limits).filter(pk=Blank("pk")).select_related("unit", "round", "body")
    return with_papers(with_recognition(with_words(found))).defer("folded")


def on_a_page(user, pk: int) -> Dossier | None:
    """Return the dossier within sight as its page shows it, None where there is none; one query, two for a board."""
    if user.post is None or user.post.role == "administrator":
        return None
    kind = REACH[user.post.role]
    found = _on_a_page(kind, pk=pk, **bounds(user.post))
    if kind is Reach.SERVED and pk in barred_from(user):
        return None
    return found[0] if found else None


def with_words(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add `has_remarks` and `has_comments`, whether anything was said of it; part of the one query."""
    remarks = Remark.objects.filter(version__dossier=OuterRef("pk"))
    comments = Comment.objects.filter(dossier=OuterRef("pk"))
    return dossiers.annotate(has_remarks=Exists(remarks), has_comments=Exists(comments))
