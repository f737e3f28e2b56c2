"""What the board writes down: the appraisal of a dossier, the papers issued of it, and what it asks."""

from reviews.models.appraisal import Assignment, Judgement
from reviews.models.assigning import Absence, AssignmentRule
from reviews.models.bulk import Bulk, BulkLine
from reviews.models.deciding import Announcement, Decision, Reopening
from reviews.models.looks import Look
from reviews.models.papers import IssuedPaper, Session, SessionPoint
from reviews.models.shortcuts import CannedRemark, SavedFilter
from reviews.models.signals import Signal, SignalAnswer, SignalPart, SignalThresholds

__all__ = [
    "Absence",
    "Announcement",
    "Assignment",
    "AssignmentRule",
    "Bulk",
    "BulkLine",
    "CannedRemark",
    "Decision",
    "IssuedPaper",
    "Judgement",
    "Look",
    "Reopening",
    "SavedFilter",
    "Session",
    "SessionPoint",
    "Signal",
    "SignalAnswer",
    "SignalPart",
    "SignalThresholds",
]
