"""The one gate every change of state goes through: permission, table of moves, reason. It asks; services write."""

from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from journal.models import Event
from models_registry.lifecycle import Move
from organizations.permissions import may, reaches


class StepNotOpen(Exception):
    """The row is not where this step starts from; `last` is the event that moved it, with who and when (one query)."""

    def __init__(self, row, step: str, moves: Mapping[str, Move]):
        self.row, self.step = row, step
        self._taken = [f"{row._meta.model_name}.{name}" for name in moves]
        super().__init__(f"{step} is not open from {row.state}")

    @cached_property
    def last(self) -> Event | None:
        return Event.objects.about(self.row._meta.model_name, self.row.pk).filter(verb__in=self._taken).last()


def check(
    row,
    step: str,
    moves: Mapping[str, Move],
    *,
    by,
    reason: str = "",
    authors: Collection[int] = (),
    conflicted: bool | None = None,
) -> Move:
    """Return the move, or raise PermissionDenied, StepNotOpen or ValidationError (reason); changes nothing.

    `row` is locked by the caller and has `state` and `unit`; `authors` are the ids of those who wrote or sent it.
    `conflicted` answers for four eyes where the caller knows more than authors and unit.
    """
    move = moves[step]
    if not _granted(row, move, by, authors, conflicted):
        raise PermissionDenied
    if row.state not in move.sources:
        raise StepNotOpen(row, step, moves)
    if len(reason.strip()) < move.reason.value:
        raise ValidationError({"reason": _("Hãy nêu lý do, ít nhất %(count)d ký tự.") % {"count": move.reason.value}})
    return move


def open_steps(
    row, moves: Mapping[str, Move], *, by, authors: Collection[int] = (), conflicted: bool | None = None
) -> list[str]:
    """Return the steps this person may take on this row now: what a page draws its buttons from. No query."""
    return [
        step
        for step, move in moves.items()
        if row.state in move.sources and _granted(row, move, by, authors, conflicted)
    ]


def _granted(row, move: Move, by, authors: Collection[int], conflicted: bool | None) -> bool:
    if not may(by, move.action) or not reaches(by, row.unit):
        return False
    if conflicted is None:
        conflicted = by.pk in authors or (by.post.unit_id == row.unit_id and not move.own_unit)
    return not (move.four_eyes and conflicted)
