"""The only writers of the appraisal. Every change of a dossier's state goes through `models_registry`'s gate."""

from reviews.services.announcing import announce, call_off, drop_lapsed, plan_announcement
from reviews.services.assigning import add_rule, add_scorer, assign, drop_absence, drop_rule, set_absence
from reviews.services.cases import ProposalChanged
from reviews.services.conflicts import answer_override, ask_override, declare, lift
from reviews.services.deciding import approve, reject, request_revision, send_back, undo
from reviews.services.holding import DecisionPrepared, HeldByAnother, give_back, take
from reviews.services.judging import Judged, JudgedElsewhere, propose, save_judgements
from reviews.services.looking import remember_look, take_over
from reviews.services.panel import hand_in, join, leave, rework
from reviews.services.reopening import reopen

__all__ = [
    "DecisionPrepared",
    "HeldByAnother",
    "Judged",
    "JudgedElsewhere",
    "ProposalChanged",
    "add_rule",
    "add_scorer",
    "announce",
    "answer_override",
    "approve",
    "ask_override",
    "assign",
    "call_off",
    "declare",
    "drop_absence",
    "drop_lapsed",
    "drop_rule",
    "give_back",
    "hand_in",
    "join",
    "leave",
    "lift",
    "plan_announcement",
    "propose",
    "reject",
    "remember_look",
    "reopen",
    "request_revision",
    "rework",
    "save_judgements",
    "send_back",
    "set_absence",
    "take",
    "take_over",
    "undo",
]
