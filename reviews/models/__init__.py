"""What the board writes down: the appraisal of a dossier, and the papers issued of it."""

from reviews.models.appraisal import Assignment, Judgement
from reviews.models.deciding import Announcement, Decision, Reopening
from reviews.models.papers import IssuedPaper, Session, SessionPoint

__all__ = [
    "Announcement",
    "Assignment",
    "Decision",
    "IssuedPaper",
    "Judgement",
    "Reopening",
    "Session",
    "SessionPoint",
]
