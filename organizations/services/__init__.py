"""The only writers of units, people and posts."""

from organizations.services.people import add_person, give_post
from organizations.services.units import add_unit, let_appraise

__all__ = ["add_person", "add_unit", "give_post", "let_appraise"]
