"""Words for asking, by what they ask about."""

from models_registry.querysets.consent import ConsentQuerySet
from models_registry.querysets.dossiers import AttachmentQuerySet, CommentQuerySet, DossierQuerySet, WorkItemQuerySet
from models_registry.querysets.members import MemberObligationQuerySet
from models_registry.querysets.plans import ObligationQuerySet, PlanQuerySet, RoundQuerySet
from models_registry.querysets.recognition import RecognitionQuerySet
from models_registry.querysets.remarks import RemarkQuerySet
from models_registry.querysets.showcase import PublicationQuerySet, VoteQuerySet
from models_registry.querysets.turns import TurnQuerySet

__all__ = [
    "AttachmentQuerySet",
    "CommentQuerySet",
    "ConsentQuerySet",
    "DossierQuerySet",
    "MemberObligationQuerySet",
    "ObligationQuerySet",
    "PlanQuerySet",
    "PublicationQuerySet",
    "RecognitionQuerySet",
    "RemarkQuerySet",
    "RoundQuerySet",
    "TurnQuerySet",
    "VoteQuerySet",
    "WorkItemQuerySet",
]
