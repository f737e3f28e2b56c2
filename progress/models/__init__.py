"""What happens to approved items: facts with two clocks, reports, evidence, requests; and each quarter's papers."""

from progress.models.facts import Fact, QuarterlyCheck
from progress.models.quarters import QuarterDraft, QuarterlyReport, ReportExemption, ThematicMeeting
from progress.models.reports import ChangeRequest, CompletionReport, Evidence

__all__ = [
    "ChangeRequest",
    "CompletionReport",
    "Evidence",
    "Fact",
    "QuarterDraft",
    "QuarterlyCheck",
    "QuarterlyReport",
    "ReportExemption",
    "ThematicMeeting",
]
