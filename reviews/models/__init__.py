"""What the board writes down: the appraisal of a dossier, and the papers issued of it."""

from reviews.models.appraisal import FAULT_MARKS, Assignment, Decision, Judgement
from reviews.models.papers import IssuedPaper, Session, SessionPoint

__all__ = ["FAULT_MARKS", "Assignment", "Decision", "IssuedPaper", "Judgement", "Session", "SessionPoint"]
