"""Words for asking, by what they ask about."""

from models_registry.querysets.dossiers import AttachmentQuerySet, CommentQuerySet, DossierQuerySet, WorkItemQuerySet
from models_registry.querysets.plans import ObligationQuerySet, PlanQuerySet, RoundQuerySet
from models_registry.querysets.showcase import PublicationQuerySet, VoteQuerySet

__all__ = [
    "AttachmentQuerySet",
    "CommentQuerySet",
    "DossierQuerySet",
    "ObligationQuerySet",
    "PlanQuerySet",
    "PublicationQuerySet",
    "RoundQuerySet",
    "VoteQuerySet",
    "WorkItemQuerySet",
]
