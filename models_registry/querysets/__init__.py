"""Words for asking, by what they ask about."""

from models_registry.querysets.dossiers import CommentQuerySet, DossierQuerySet, WorkItemQuerySet
from models_registry.querysets.plans import ObligationQuerySet, PlanQuerySet, RoundQuerySet

__all__ = [
    "CommentQuerySet",
    "DossierQuerySet",
    "ObligationQuerySet",
    "PlanQuerySet",
    "RoundQuerySet",
    "WorkItemQuerySet",
]
