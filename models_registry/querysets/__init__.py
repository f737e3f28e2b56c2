"""Words for asking, by what they ask about."""

from models_registry.querysets.dossiers import AttachmentQuerySet, CommentQuerySet, DossierQuerySet, WorkItemQuerySet
from models_registry.querysets.plans import ObligationQuerySet, PlanQuerySet, RoundQuerySet

__all__ = [
    "AttachmentQuerySet",
    "CommentQuerySet",
    "DossierQuerySet",
    "ObligationQuerySet",
    "PlanQuerySet",
    "RoundQuerySet",
    "WorkItemQuerySet",
]
