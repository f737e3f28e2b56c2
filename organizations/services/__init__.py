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
from organizations.services.second_factor import (
    add_app,
    add_key,
    drop_second_factor,
    make_recovery_codes,
    remove_key,
    remove_second_factor,
    use_app,
    use_recovery_code,
)
from organizations.services.sessions import end_sessions
from organizations.services.tree import move_unit, place_where_due
from organizations.services.units import add_unit, correct_unit, end_appraisal, end_unit, end_unit_alone, let_appraise

__all__ = [
    "add_app",
    "add_key",
    "add_person",
    "add_unit",
    "change_password",
    "choose_mail",
    "correct_unit",
    "delegate",
    "drop_second_factor",
    "edit_person",
    "end_appraisal",
    "end_post",
    "end_sessions",
    "end_unit",
    "end_unit_alone",
    "first_administrator",
    "give_post",
    "hand_over",
    "let_appraise",
    "let_in",
    "make_recovery_codes",
    "make_reset_code",
    "move_unit",
    "place_where_due",
    "record_head_count",
    "remind",
    "remove_key",
    "remove_second_factor",
    "revoke",
    "shut_out",
    "urge",
    "use_app",
    "use_recovery_code",
    "use_reset_code",
]
