"""Units and their dated tree, what they came from, people and the posts they hold."""

from organizations.models.people import FormerName, Person, Post, RecoveryCode, ResetCode, Roster, SignInAttempts
from organizations.models.reorganisations import PlannedReorganisation, Reorganisation, Succession
from organizations.models.sessions import Session
from organizations.models.units import CELL_KINDS, MOST_MEMBERS, AppraisalLink, HeadCount, Placement, Unit

__all__ = [
    "CELL_KINDS",
    "MOST_MEMBERS",
    "AppraisalLink",
    "FormerName",
    "HeadCount",
    "Person",
    "Placement",
    "PlannedReorganisation",
    "Post",
    "RecoveryCode",
    "Reorganisation",
    "ResetCode",
    "Roster",
    "Session",
    "SignInAttempts",
    "Succession",
    "Unit",
]
