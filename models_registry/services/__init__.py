"""The only writers of plans, dossiers and work items."""

from models_registry.services.steps import take_step

__all__ = ["take_step"]
