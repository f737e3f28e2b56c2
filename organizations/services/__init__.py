"""The only writers of units, people and posts."""

from organizations.services.passwords import change_password, make_reset_code, use_reset_code
from organizations.services.people import add_person, first_administrator, give_post
from organizations.services.units import add_unit, let_appraise

__all__ = [
    "add_person",
    "add_unit",
    "change_password",
    "first_administrator",
    "give_post",
    "let_appraise",
    "make_reset_code",
    "use_reset_code",
]
