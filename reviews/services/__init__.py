"""The only writers of the appraisal. Every change of a dossier's state goes through `models_registry`'s gate."""

from reviews.services.deciding import ProposalChanged, approve, reject, request_revision
from reviews.services.holding import HeldByAnother, give_back, take
from reviews.services.judging import Judged, JudgedElsewhere, propose, save_judgements

__all__ = [
    "HeldByAnother",
    "Judged",
    "JudgedElsewhere",
    "ProposalChanged",
    "approve",
    "give_back",
    "propose",
    "reject",
    "request_revision",
    "save_judgements",
    "take",
]
