"""The only writers of what happens to items: steps, requests, quarterly papers."""

from progress.services.carrying_over import ask_carry_over, decide_requests
from progress.services.checks import record_check
from progress.services.exempting import exempt_report, lift_report_exemption
from progress.services.quarter_drafts import save_quarter_draft, send_quarter
from progress.services.quarterly import record_meeting, send_quarterly_report, urge_report
from progress.services.reporting import add_evidence, drop_evidence, prepare_report, report_completion, tell_progress
from progress.services.requests import ask_change, decide_request, withdraw_request
from progress.services.steps import take_item_step

__all__ = [
    "add_evidence",
    "ask_carry_over",
    "ask_change",
    "decide_request",
    "decide_requests",
    "drop_evidence",
    "exempt_report",
    "lift_report_exemption",
    "prepare_report",
    "record_check",
    "record_meeting",
    "report_completion",
    "save_quarter_draft",
    "send_quarter",
    "send_quarterly_report",
    "take_item_step",
    "tell_progress",
    "urge_report",
    "withdraw_request",
]
