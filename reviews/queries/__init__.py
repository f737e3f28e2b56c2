"""Questions about appraisals, by what they ask about."""

from reviews.queries.appraisal import criteria_of, criterion_set_of, holding_of, judgements_of, unjudged
from reviews.queries.awaited import awaiting

__all__ = ["awaiting", "criteria_of", "criterion_set_of", "holding_of", "judgements_of", "unjudged"]
