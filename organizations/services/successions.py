"""The only writer of what became of units; who calls it records it in the journal."""

from datetime import date, datetime

from organizations.models import Reorganisation, Succession, Unit
from vietnamese.folding import fold


def keep_succession(
    kind: str,
    unit: Unit,
    successor: Unit | None = None,
    *,
    on: date,
    at: datetime,
    reorganisation: Reorganisation | None = None,
    renamed: tuple[str, str] = ("", ""),
    turned: tuple[str, str] = ("", ""),
) -> Succession:
    """Keep that a unit merged into, was split into or moved under another, was renamed or dissolved from a day on.

    `renamed` and `turned` are its name and its kind of before and after, where they changed.
    """
    return Succession.objects.create(
        reorganisation=reorganisation,
        kind=kind,
        predecessor=unit,
        successor=successor,
        old_name=renamed[0],
        new_name=renamed[1],
        old_kind=turned[0],
        new_kind=turned[1],
        folded_old_name=fold(renamed[0])[:400],
        effective_on=on,
        recorded_at=at,
    )
