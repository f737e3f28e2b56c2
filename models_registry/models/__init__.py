"""What is registered: the plan of a year (themes, rounds, criteria), the dossier, and the work items it holds."""

from models_registry.models.conflicts import ConflictDeclaration, ConflictOverride
from models_registry.models.consent import Consent
from models_registry.models.dossiers import Attachment, Comment, Dossier, DossierVersion, Programme
from models_registry.models.items import ItemChange, MeasureUnit, WorkItem, public_subject, subject_key
from models_registry.models.plans import (
    Criterion,
    CriterionSet,
    MemberObligation,
    Obligation,
    RegistrationRound,
    ResolutionTarget,
    Shortcoming,
    Theme,
)
from models_registry.models.practice import (
    Exemplar,
    PracticeModel,
    PracticeOutput,
    ShortcomingLink,
    TargetLink,
    name_key,
)
from models_registry.models.presence import OpenDraft
from models_registry.models.recognition import Recognition
from models_registry.models.remarks import Remark
from models_registry.models.sentences import KnownSentence, SentenceMark, SentenceUse
from models_registry.models.showcase import Publication, Vote
from models_registry.models.turns import Extension, SpecialDays, Turn

__all__ = [
    "Attachment",
    "Comment",
    "ConflictDeclaration",
    "ConflictOverride",
    "Consent",
    "Criterion",
    "CriterionSet",
    "Dossier",
    "DossierVersion",
    "Exemplar",
    "Extension",
    "ItemChange",
    "KnownSentence",
    "MeasureUnit",
    "MemberObligation",
    "Obligation",
    "OpenDraft",
    "PracticeModel",
    "PracticeOutput",
    "Programme",
    "Publication",
    "Recognition",
    "RegistrationRound",
    "Remark",
    "ResolutionTarget",
    "SentenceMark",
    "SentenceUse",
    "Shortcoming",
    "ShortcomingLink",
    "SpecialDays",
    "TargetLink",
    "Theme",
    "Turn",
    "Vote",
    "WorkItem",
    "name_key",
    "public_subject",
    "subject_key",
]
