"""The only writers of plans, dossiers and work items."""

from models_registry.services.adoption import adopt
from models_registry.services.comments import add_comment
from models_registry.services.consent import record_consent, withdraw_consent, withdraw_photo
from models_registry.services.copies import adopt_model, bring_works, copy_dossier
from models_registry.services.drafts import delete_draft, save_draft, start_dossier
from models_registry.services.files import attach, detach
from models_registry.services.individuals import save_individual, save_works
from models_registry.services.papers import attach_signed, take_off_signed
from models_registry.services.remarks import answer_remarks
from models_registry.services.showcase import publish, unpublish, vote
from models_registry.services.steps import take_step
from models_registry.services.submitting import submit

__all__ = [
    "add_comment",
    "adopt",
    "adopt_model",
    "answer_remarks",
    "attach",
    "attach_signed",
    "bring_works",
    "copy_dossier",
    "delete_draft",
    "detach",
    "publish",
    "record_consent",
    "save_draft",
    "save_individual",
    "save_works",
    "start_dossier",
    "submit",
    "take_off_signed",
    "take_step",
    "unpublish",
    "vote",
    "withdraw_consent",
    "withdraw_photo",
]
