"""One dossier within sight: as its page shows it, or locked for a step."""

from django.db.models import Exists, OuterRef, QuerySet, TextField

from journal.questions import Beyond, Blank, Question
from models_registry.lifecycle import State
from models_registry.models import Comment, Dossier, Remark
from models_registry.queries.papers import with_papers
from models_registry.queries.recognition import with_recognition
from models_registry.querysets.conflicts import barred_from
from models_registry.querysets.dossiers import bounds
from organizations.permissions import REACH, Reach


def _within(kind: Reach) -> QuerySet[Dossier]:
    limits = {"unit": Blank("unit"), "path": Blank("path", TextField()), "path_end": Blank("path_end", TextField())}
    found = Dossier.objects.within(kind, **limits).filter(pk=Blank("pk"))
    return found.select_related("unit", "round", "body").defer("folded")


@Question
def _locked(kind: Reach):
    return _within(kind).select_for_update(of=("self",))


@Question
def _on_a_page(kind: Reach):
    found = with_papers(with_recognition(with_words(_within(kind))))
    # A draft is read from its own rows; only its unit sees one.
    return found.select_related("practice") if kind is Reach.OWN else found


@Question
def _at_the_desk(kind: Reach):
    return with_papers(with_words(_within(kind))).select_related("unit", "body", "round__theme", "submitted_by")


def at_the_board() -> QuerySet[Dossier]:
    """Return what `visible_to` shows somebody of a board, for a question; filled in by `seen_at_the_board`."""
    found = Dossier.objects.within(Reach.SERVED, unit=Blank("unit"), path="", path_end="")
    return found.filter(Beyond("pk", "barred"))


def seen_at_the_board(user) -> dict:
    """Return what somebody of a board fills `at_the_board` with; at most one query a request."""
    return {"unit": user.post.unit_id, "barred": barred_from(user)}


def on_a_page(user, pk: int) -> Dossier | None:
    """Return the dossier within sight as its page shows it, None where there is none; one query, two for a board."""
    return _found(_on_a_page, user, pk)


def at_the_desk(user, pk: int) -> Dossier | None:
    """Return the dossier within sight as the board's pages show it, None where there is none; queries as above."""
    return _found(_at_the_desk, user, pk)


def locked_in_sight(user, pk: int, *, asked_later: bool = False) -> Dossier | None:
    """Return the dossier within sight, locked until commit; None, and the queries, as above.

    Where conflicts of interest are `asked_later`, under the lock, none are asked here: one query.
    """
    return _found(_locked, user, pk, asked_later=asked_later)


def _found(question: Question, user, pk: int, *, asked_later: bool = False) -> Dossier | None:
    """Ask as `visible_to` does of one dossier."""
    if user.post is None or user.post.role == "administrator":
        return None
    kind = REACH[user.post.role]
    for unit in (user.post.unit_id, *(user.post.came_from or ())):
        found = question(kind, pk=pk, **bounds(user.post) | {"unit": unit})
        if found and (unit == user.post.unit_id or found[0].state != State.DRAFT):
            break
        found = []
    if kind is Reach.SERVED and not asked_later and pk in barred_from(user):
        return None
    return found[0] if found else None


def with_words(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add `has_remarks` and `has_comments`, whether anything was said of it; part of the one query."""
    remarks = Remark.objects.filter(version__dossier=OuterRef("pk"))
    comments = Comment.objects.filter(dossier=OuterRef("pk"))
    return dossiers.annotate(has_remarks=Exists(remarks), has_comments=Exists(comments))
