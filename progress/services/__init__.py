"""The only writers of what happens to items: steps, requests, quarterly papers."""

from progress.services.quarterly import record_meeting, send_quarterly_report
from progress.services.requests import ask_change, decide_request
from progress.services.steps import report_completion, take_item_step

__all__ = [
    "ask_change",
    "decide_request",
    "record_meeting",
    "report_completion",
    "send_quarterly_report",
    "take_item_step",
]
