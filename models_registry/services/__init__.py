"""The only writers of plans, dossiers and work items."""

from models_registry.services.comments import add_comment
from models_registry.services.copies import adopt_model, bring_works, copy_dossier
from models_registry.services.drafts import delete_draft, save_draft, start_dossier
from models_registry.services.files import attach, detach
from models_registry.services.individuals import save_individual
from models_registry.services.steps import take_step
from models_registry.services.submitting import submit

__all__ = [
    "add_comment",
    "adopt_model",
    "attach",
    "bring_works",
    "copy_dossier",
    "delete_draft",
    "detach",
    "save_draft",
    "save_individual",
    "start_dossier",
    "submit",
    "take_step",
]
