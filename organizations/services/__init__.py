"""The only writers of units, people and posts."""

from organizations.services.delegation import delegate, hand_over, revoke
from organizations.services.head_counts import record_head_count
from organizations.services.passwords import change_password, make_reset_code, use_reset_code
from organizations.services.people import (
    add_person,
    choose_mail,
    edit_person,
    end_post,
    first_administrator,
    give_post,
    let_in,
    shut_out,
)
from organizations.services.reminding import remind, urge
from organizations.services.tree import move_unit, place_where_due
from organizations.services.units import add_unit, correct_unit, end_appraisal, end_unit, end_unit_alone, let_appraise

__all__ = [
    "add_person",
    "add_unit",
    "change_password",
    "choose_mail",
    "correct_unit",
    "delegate",
    "edit_person",
    "end_appraisal",
    "end_post",
    "end_unit",
    "end_unit_alone",
    "first_administrator",
    "give_post",
    "hand_over",
    "let_appraise",
    "let_in",
    "make_reset_code",
    "move_unit",
    "place_where_due",
    "record_head_count",
    "remind",
    "revoke",
    "shut_out",
    "urge",
    "use_reset_code",
]
