"""Who may do what to one item now: the confirmer, the superior and the deciding bodies, found from the tree."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Length
from django.utils.timezone import localdate

from models_registry import gate
from models_registry.lifecycle import Move
from models_registry.models import WorkItem
from models_registry.querysets.conflicts import unbarred
from organizations.models import AppraisalLink, Person, Post, Unit
from organizations.permissions import Action
from progress.lifecycle import (
    CONCLUDING_STEPS,
    CONFIRMING_STEPS,
    REQUEST_STEPS,
    Authors,
    Confirmer,
    ItemStep,
    check_moves_for,
    kept_out,
    moves_for,
    who_confirms,
)
from progress.models import ChangeRequest, CompletionReport

OFFICERS = ("secretary", "deputy")


@dataclass(frozen=True, slots=True)
class Authority:
    """Who acts on one item: the answer of the tree at one instant."""

    confirmer: Confirmer
    superior: Confirmer
    body: Unit | None  # appraises for the unit
    body_above: Unit | None  # appraises one level above that
    authors: Authors  # of the last report
    officers: frozenset[int]  # the people seated as the unit's secretary and deputies

    @property
    def moves(self):
        return moves_for(self.confirmer, self.superior)

    @property
    def check_moves(self):
        return check_moves_for(self.confirmer)

    def kept_out_of(self, step: str) -> frozenset[int]:
        """Return who never takes this step, having written the report it is about."""
        in_cell = step in CONFIRMING_STEPS and self.confirmer is Confirmer.CELL
        return kept_out(self.authors, self.officers) if in_cell else self.authors.all

    def seat_of(self, step: str, item: WorkItem, day: date) -> Unit | None:
        """Return the body whose head takes a step of the board: one level above for an exclusion after the due day."""
        return self.body_above if step == ItemStep.EXCLUDE and day > item.due_in_force else self.body


def authority_over(item: WorkItem, at: datetime, *, authors: Authors | None = None) -> Authority:
    """Return who may act on the item; two queries, and one more where who reported it is not given."""
    if authors is None:
        authors = authors_of(CompletionReport.objects.sent().filter(item=item).first())
    held = Post.objects.current(at).filter(
        Q(unit__in=item.unit.ancestor_ids, role="committee") | Q(unit=item.unit_id, role__in=OFFICERS)
    )
    posts = set(held.filter(person__is_active=True).values_list("role", "person"))
    committee_above = any(role == "committee" for role, person in posts)
    bodies = bodies_in_line(item.unit, localdate(at))
    return Authority(
        confirmer=who_confirms(
            individual=item.kind == WorkItem.Kind.INDIVIDUAL,
            of_head=item.subject_is_head,
            committee_above=committee_above,
        ),
        superior=Confirmer.COMMITTEE if committee_above else Confirmer.BOARD,
        body=bodies[0] if bodies else None,
        body_above=bodies[1] if len(bodies) > 1 else None,
        authors=authors,
        officers=frozenset(person for role, person in posts if role != "committee"),
    )


def authors_of(report: CompletionReport | None) -> Authors:
    """Return who sent a report and who prepared it."""
    return Authors(report.reported_by_id, report.prepared_by_id) if report else Authors()


def bodies_in_line(unit: Unit, day: date) -> list[Unit]:
    """Return the bodies that serve the unit and the units above it, nearest first; one query."""
    links = AppraisalLink.objects.on(day).filter(serves__in=[*unit.ancestor_ids, unit.pk])
    return [link.body for link in links.select_related("body", "serves").order_by(Length("serves__path").desc())]


def seated(move: Move, seat: Unit | None, by) -> bool:
    """Whether this person's post is the one a step of the board needs; other steps need no seat."""
    return move.action != Action.DECIDE or (seat is not None and by.post.unit_id == seat.pk)


def open_item_steps(item: WorkItem, *, by, at: datetime, authority: Authority) -> set[str]:
    """Return the steps this person may take on the item now; what its page draws buttons from. No query.

    Steps that answer a request are not among them: their buttons stand beside the request. Nor are those that conclude
    an item, before its year has ended.
    """
    if item.excluded_at or by.post is None:
        return set()
    day = localdate(at)
    elsewhere = REQUEST_STEPS if day.year > item.year else REQUEST_STEPS | CONCLUDING_STEPS
    return {
        step
        for step, move in authority.moves.items()
        if step not in elsewhere
        and gate.open_steps(item, {step: move}, by=by, authors=authority.kept_out_of(step))
        and seated(move, authority.seat_of(step, item, day), by)
    }


def confirmers_of(item: WorkItem, authority: Authority, at: datetime) -> list[Person]:
    """Return the people to tell that a report waits for them: those of the nearest place; one query."""
    out = authority.kept_out_of(ItemStep.CONFIRM)
    posts = Post.objects.current(at).filter(person__is_active=True).select_related("person", "unit")
    if authority.confirmer is Confirmer.CELL:
        posts = posts.filter(unit=item.unit_id, role__in=OFFICERS)
    elif authority.confirmer is Confirmer.COMMITTEE:
        posts = posts.filter(unit__in=item.unit.ancestor_ids, role="committee")
    else:
        posts = posts.filter(unit=authority.body, role="head")
    found = list(posts.exclude(person__in=out))
    if authority.confirmer is Confirmer.BOARD and item.dossier and item.dossier.body_id == authority.body.pk:
        may_hear = {one.pk for one in unbarred([post.person for post in found], item.dossier)}
        found = [post for post in found if post.person_id in may_hear]
    nearest = max((len(post.unit.path) for post in found), default=0)
    return [post.person for post in found if len(post.unit.path) == nearest]


def waiting_for(user, at: datetime):
    """Return the reported items this person may confirm or refuse."""
    reported = WorkItem.objects.visible_to(user).filter(state="reported", excluded_at__isnull=True)
    reported = confirmed_by(user, at, reported)
    own = CompletionReport.objects.sent().filter(item=OuterRef("pk")).order_by("-id")
    reported = reported.annotate(
        # Nobody's id where there is none: a comparison with NULL would hide the row.
        reporter=Coalesce(Subquery(own.values("reported_by")[:1]), 0, output_field=BigIntegerField()),
        preparer=Coalesce(Subquery(own.values("prepared_by")[:1]), 0, output_field=BigIntegerField()),
    )
    if user.post is not None and user.post.role in OFFICERS:
        return reported.filter(_open_to_officer(user, at))
    return reported.exclude(reporter=user.pk).exclude(preparer=user.pk)


def confirmed_by(user, at: datetime, items):
    """Return those of these items whose completion this post confirms: `authority_over` as one filter.

    Who reported an item is not asked.
    """
    post = user.post
    if post is None or post.role not in (*OFFICERS, "committee", "head"):
        return items.none()
    in_cell = Q(kind=WorkItem.Kind.INDIVIDUAL, subject_is_head=False)
    if post.role in OFFICERS:
        return items.filter(in_cell)
    items = items.exclude(in_cell).exclude(unit=post.unit_id)
    if post.role == "committee":
        return items
    above = Post.objects.current(at).filter(person__is_active=True, role="committee")
    above = above.filter(unit__path__lt=OuterRef("unit__path"))
    above = above.annotate(below=_outer("unit__path")).filter(below__startswith=F("unit__path"))
    nearest = nearest_body("unit__path", localdate(at))
    return items.filter(~Exists(above)).annotate(seat=nearest).filter(seat=post.unit_id)


def _open_to_officer(user, at: datetime) -> Q:
    """Return which reports of the own unit this officer is not kept out of: `lifecycle.kept_out` as one condition."""
    others = Post.objects.current(at).filter(unit=user.post.unit_id, role__in=OFFICERS, person__is_active=True)
    others = others.exclude(person=user.pk)
    nobody_fresh = ~Exists(others.exclude(person=OuterRef("reporter")))
    return Q(~Exists(others)) | ~Q(reporter=user.pk) & (~Q(preparer=user.pk) | Q(nobody_fresh))


def _outer(path: str) -> ExpressionWrapper:
    return ExpressionWrapper(OuterRef(path), output_field=CharField())


def nearest_body(path: str, day: date, *, steps_up: int = 0) -> Subquery:
    """Return, as a subquery, the id of the body serving the nearest ancestor-or-self of a unit's path.

    `steps_up=1` asks for the next body up the line.
    """
    links = AppraisalLink.objects.on(day).annotate(below=_outer(path)).filter(below__startswith=F("serves__path"))
    found = links.order_by(Length("serves__path").desc()).values("body")
    return Subquery(found[steps_up : steps_up + 1])


def requests_waiting_for(user, at: datetime):
    """Return the undecided requests this person decides, oldest first, with item and unit; one query."""
    post, day = user.post, localdate(at)
    if post is None or post.role != "head":
        return ChangeRequest.objects.none()
    late = Q(kind="exclude", item__due_in_force__lt=day)
    found = ChangeRequest.objects.visible_to(user).undecided().exclude(asked_by=user.pk)
    found = found.exclude(item__unit=post.unit_id).annotate(
        body=nearest_body("item__unit__path", day), body_above=nearest_body("item__unit__path", day, steps_up=1)
    )
    found = found.filter((~late & Q(body=post.unit_id)) | (late & Q(body_above=post.unit_id)))
    return found.select_related("item__unit", "item__dossier__round").order_by("asked_at", "id")
