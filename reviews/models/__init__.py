"""What the board writes down: the appraisal of a dossier, and the papers issued of it."""

from reviews.models.appraisal import FAULT_MARKS, Assignment, Decision, Judgement

__all__ = ["FAULT_MARKS", "Assignment", "Decision", "Judgement"]
