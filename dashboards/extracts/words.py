"""How an extract says what it read: a work's outcome, a report's fate, a rate. Vietnamese, as every paper."""

from datetime import datetime

from completion.queries.figures import Passport, Rate, Row
from dashboards.extracts.gathering import Kept
from models_registry.lifecycle import ItemState
from models_registry.models import WorkItem
from progress.queries.quarters import late_from
from vietnamese.display import DASH, day_text, number_text

RATES = ("r1", "r2", "r3", "r4", "r5", "r6", "r6t", "r7", "r7m", "r8")
# What of a whole year a rate comes to: by the end of it, or none, where each quarter stands for itself.
OF_YEAR = ("r2", "r3", "r7", "r7m")


def rate_text(rate: Rate) -> str:
    """Return "8/10 = 80,0% (X: 1)"; a dash where there was nothing to count."""
    if not rate.base and not rate.x:
        return DASH
    excluded = f" (X: {number_text(rate.x)})" if rate.x else ""
    return f"{number_text(rate.n)}/{number_text(rate.base)} = {rate.text}{excluded}"


def outcome_text(item: WorkItem) -> str:
    """Return what became of a work by now."""
    if item.excluded_at is not None:
        return "Được loại trừ"
    if item.state == ItemState.COMPLETED:
        return f"Hoàn thành {day_text(item.completed_on)}" if item.completed_on else "Hoàn thành"
    return str(ItemState(item.state).label)


def due_text(item: WorkItem) -> str:
    return "Thường xuyên" if item.ongoing else day_text(item.due_in_force)


def report_text(year: int, quarter: int, sent_at: datetime | None, row: Row | None, at: datetime) -> tuple[str, str]:
    """Return (whether it is owed, what became of it by an instant) of a quarter's report."""
    own = row.own_papers if row else {}
    owed = "Được miễn" if own.get("exempt") else "Phải gửi" if own.get("owed") else "Không phải gửi"
    late = late_from(year, quarter)
    if sent_at is not None:
        return owed, "Đúng hạn" if sent_at < late else "Muộn"
    if owed != "Phải gửi":
        return owed, DASH
    return owed, "Chưa gửi" if at >= late else "Chưa đến hạn"


def state_of(passport: Passport | None) -> str:
    if passport is None:
        return "chưa có số liệu"
    return f"đã chốt, bản {passport.revision}" if passport.sealed else "tạm tính, chưa chốt"


def decided_text(kept: Kept) -> str:
    """Return by which decision a dossier was approved: its paper, else the day it was told."""
    if kept.symbol:
        return f"{kept.symbol} ngày {day_text(kept.signed_on)}"
    return f"Duyệt trên cổng ngày {day_text(kept.decided_at)}" if kept.decided_at else DASH
