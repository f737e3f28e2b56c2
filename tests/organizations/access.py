from datetime import timedelta

from django.utils import timezone

from organizations import services
from organizations.models import Post, Roster
from tests import factories
from tests.factories import AT


def _unit(world, unit):
    return {"pk": unit.pk}


def _person(world, unit):
    return {"pk": factories.person(unit, "deputy", password=None).pk}


def _post(world, unit):
    return {"pk": factories.person(unit, "deputy", password=None).post.pk}


def _secretary_post(world, unit):
    """The post of the unit's own secretary, where it has one, else of another."""
    found = unit.posts.filter(role="secretary").first()
    return {"pk": (found or factories.person(unit, "secretary", password=None).post).pk}


def _delegated_post(world, unit):
    source = Post.objects.get(pk=_secretary_post(world, unit)["pk"])
    deputy = factories.person(unit, "clerk", password=None)
    times = {"starts_at": AT, "ends_at": timezone.now() + timedelta(days=1)}
    made = Post.objects.create(person=deputy, unit=unit, role="deputy", delegated_from=source, **times)
    return {"pk": made.pk}


def _served_unit(world, unit):
    """A unit with a body of its own, so that there is something to end."""
    if not unit.appraised_by.exists():
        board = world.b.board if unit == world.b.cell else world.a.board
        services.let_appraise(board, unit, valid_from=factories.FOUNDED, by=None, at=AT)
    return {"pk": unit.pk}


def _roster(world, unit):
    """A file handed in by the administrator who reaches the unit; nobody else's is in sight."""
    owner = world.b_people["administrator"] if unit == world.b.cell else world.people["administrator"]
    return {"pk": Roster.objects.create(owner=owner, name="x.xlsx", file="x.xlsx", size=1, uploaded_at=AT).pk}


OBJECTS = {
    "organizations:roster": _roster,
    "organizations:load_roster": _roster,
    "organizations:unit": _unit,
    "organizations:members": _unit,
    "organizations:correct_unit": _unit,
    "organizations:move_unit": _unit,
    "organizations:end_unit": _unit,
    "organizations:give_body": _unit,
    "organizations:end_body": _served_unit,
    "organizations:delegate": _secretary_post,
    "organizations:revoke": _delegated_post,
    "organizations:hand_over": _unit,
    "organizations:person": _person,
    "organizations:edit_person": _person,
    "organizations:shut_out": _person,
    "organizations:let_in": _person,
    "organizations:make_code": _person,
    "organizations:remove_second_factor": _person,
    "organizations:end_post": _post,
}
ROWS = """
# url                        method  place    ano sec dep cle com app hea lea adm non
account_login                GET     -        200 302*
account_login                POST    -        422 302*
account_logout               GET     -        302 405*
account_logout               POST    -        302*
account_stay                 GET     -        302 405*
account_stay                 POST    -        302 204*
account_change_password      GET     -        302 200*
account_change_password      POST    -        302 422*
account_mail                 GET     -        302 200*
account_mail                 POST    -        302 422*
account_reset_code           GET     -        200*
account_reset_code           POST    -        422*
mfa_authenticate             GET     -        302*
mfa_authenticate             POST    -        302*
account_second_factor        GET     -        302 200*
account_second_factor        POST    -        302 405*
account_add_app              GET     -        302 200*
account_add_app              POST    -        302 422*
account_add_key              GET     -        302 404*
account_add_key              POST    -        302 404*
account_remove_key           GET     -        302 405*
account_remove_key           POST    -        302 404*
account_recovery_codes       GET     -        302 404*
account_recovery_codes       POST    -        302 404*
account_second_factor_off    GET     -        302 200*
account_second_factor_off    POST    -        302 422*
account_held                 GET     -        302*
account_held                 POST    -        302*
account_sessions             GET     -        302 200*
account_sessions             POST    -        302 405*
account_end_sessions         GET     -        302 405*
account_end_sessions         POST    -        302*
organizations:switch_post    GET     -        302 405*
organizations:switch_post    POST    -        302 404*
organizations:units          GET     -        302 403 403 403 403 403 403 403 200 403
organizations:units          POST    -        302 405*
organizations:cells          GET     -        302 200 200 200 200 200 200 200 200 403
organizations:cells          POST    -        302 405*
organizations:members        GET     own      302 200 200 200 404 404 404 404 404 404
organizations:members        GET     child    302 404 404 404 200 200 200 200 200 404
organizations:members        GET     foreign  302 404*
organizations:members        POST    own      302 422 422 403 404 404 404 404 404 404
organizations:members        POST    child    302 404 404 404 422 403 403 403 422 404
organizations:members        POST    foreign  302 404*
organizations:people         GET     -        302 403 403 403 403 403 403 403 200 403
organizations:people         POST    -        302 405*
organizations:suggest_units  GET     -        302 403 403 403 200 200 200 200 200 403
organizations:suggest_units  POST    -        302 405*
organizations:add_unit       GET     -        302 403 403 403 403 403 403 403 200 403
organizations:add_unit       POST    -        302 403 403 403 403 403 403 403 422 403
organizations:add_person     GET     -        302 403 403 403 403 403 403 403 200 403
organizations:add_person     POST    -        302 403 403 403 403 403 403 403 422 403
organizations:give_post      GET     -        302 403 403 403 403 403 403 403 200 403
organizations:give_post      POST    -        302 403 403 403 403 403 403 403 422 403
organizations:unit           GET     own      302 403 403 403 403 403 403 403 200 404
organizations:unit           GET     child    302 404 404 404 403 403 403 403 200 404
organizations:unit           GET     foreign  302 404*
organizations:unit           POST    any      302 405*
organizations:correct_unit   GET     own      302 403 403 403 403 403 403 403 200 404
organizations:correct_unit   GET     child    302 404 404 404 403 403 403 403 200 404
organizations:correct_unit   GET     foreign  302 404*
organizations:correct_unit   POST    own      302 403 403 403 403 403 403 403 422 404
organizations:correct_unit   POST    child    302 404 404 404 403 403 403 403 422 404
organizations:correct_unit   POST    foreign  302 404*
organizations:move_unit      GET     own      302 403 403 403 403 403 403 403 200 404
organizations:move_unit      GET     child    302 404 404 404 403 403 403 403 200 404
organizations:move_unit      GET     foreign  302 404*
organizations:move_unit      POST    own      302 403 403 403 403 403 403 403 422 404
organizations:move_unit      POST    child    302 404 404 404 403 403 403 403 422 404
organizations:move_unit      POST    foreign  302 404*
organizations:end_unit       GET     own      302 403 403 403 403 403 403 403 200 404
organizations:end_unit       GET     child    302 404 404 404 403 403 403 403 200 404
organizations:end_unit       GET     foreign  302 404*
organizations:end_unit       POST    own      302 403 403 403 403 403 403 403 422 404
organizations:end_unit       POST    child    302 404 404 404 403 403 403 403 422 404
organizations:end_unit       POST    foreign  302 404*
organizations:give_body      GET     own      302 403 403 403 403 403 403 403 200 404
organizations:give_body      GET     child    302 404 404 404 403 403 403 403 200 404
organizations:give_body      GET     foreign  302 404*
organizations:give_body      POST    own      302 403 403 403 403 403 403 403 422 404
organizations:give_body      POST    child    302 404 404 404 403 403 403 403 422 404
organizations:give_body      POST    foreign  302 404*
organizations:end_body       GET     own      302 403 403 403 403 403 403 403 200 404
organizations:end_body       GET     child    302 404 404 404 403 403 403 403 200 404
organizations:end_body       GET     foreign  302 404*
organizations:end_body       POST    own      302 403 403 403 403 403 403 403 422 404
organizations:end_body       POST    child    302 404 404 404 403 403 403 403 422 404
organizations:end_body       POST    foreign  302 404*
organizations:person         GET     own      302 404 404 404 404 404 404 404 200 404
organizations:person         GET     child    302 404 404 404 404 404 404 404 200 404
organizations:person         GET     foreign  302 404*
organizations:person         POST    any      302 405*
organizations:edit_person    GET     own      302 404 404 404 404 404 404 404 200 404
organizations:edit_person    GET     child    302 404 404 404 404 404 404 404 200 404
organizations:edit_person    GET     foreign  302 404*
organizations:edit_person    POST    own      302 404 404 404 404 404 404 404 422 404
organizations:edit_person    POST    child    302 404 404 404 404 404 404 404 422 404
organizations:edit_person    POST    foreign  302 404*
organizations:shut_out       GET     any      302 405*
organizations:shut_out       POST    own      302 404 404 404 404 404 404 404 302 404
organizations:shut_out       POST    child    302 404 404 404 404 404 404 404 302 404
organizations:shut_out       POST    foreign  302 404*
organizations:let_in         GET     any      302 405*
organizations:let_in         POST    own      302 404 404 404 404 404 404 404 302 404
organizations:let_in         POST    child    302 404 404 404 404 404 404 404 302 404
organizations:let_in         POST    foreign  302 404*
organizations:remove_second_factor  GET   any      302 405*
organizations:remove_second_factor  POST  own      302 404 404 404 404 404 404 404 302 404
organizations:remove_second_factor  POST  child    302 404 404 404 404 404 404 404 302 404
organizations:remove_second_factor  POST  foreign  302 404*
organizations:make_code      GET     any      302 405*
organizations:make_code      POST    own      302 404 404 404 404 404 404 404 200 404
organizations:make_code      POST    child    302 404 404 404 404 404 404 404 200 404
organizations:make_code      POST    foreign  302 404*
organizations:end_post       GET     own      302 404 404 404 404 404 404 404 200 404
organizations:end_post       GET     child    302 404 404 404 404 404 404 404 200 404
organizations:end_post       GET     foreign  302 404*
organizations:end_post       POST    own      302 404 404 404 404 404 404 404 302 404
organizations:end_post       POST    child    302 404 404 404 404 404 404 404 302 404
organizations:end_post       POST    foreign  302 404*
organizations:delegations    GET     -        302 200*
organizations:delegations    POST    -        302 405*
organizations:delegate       GET     own      302 200 404 404 404 404 404 404 200 404
organizations:delegate       GET     child    302 404 404 404 404 404 404 404 200 404
organizations:delegate       GET     foreign  302 404*
organizations:delegate       POST    own      302 422 404 404 404 404 404 404 422 404
organizations:delegate       POST    child    302 404 404 404 404 404 404 404 422 404
organizations:delegate       POST    foreign  302 404*
organizations:revoke         GET     any      302 405*
organizations:revoke         POST    own      302 302 404 404 404 404 404 404 302 404
organizations:revoke         POST    child    302 404 404 404 404 404 404 404 302 404
organizations:revoke         POST    foreign  302 404*
organizations:hand_over      GET     own      302 403 403 403 403 403 403 403 200 404
organizations:hand_over      GET     child    302 404 404 404 403 403 403 403 200 404
organizations:hand_over      GET     foreign  302 404*
organizations:hand_over      POST    own      302 403 403 403 403 403 403 403 422 404
organizations:hand_over      POST    child    302 404 404 404 403 403 403 403 422 404
organizations:hand_over      POST    foreign  302 404*
organizations:rosters        GET     -        302 403 403 403 403 403 403 403 200 403
organizations:rosters        POST    -        302 403 403 403 403 403 403 403 422 403
organizations:roster_template GET     -        302 403 403 403 403 403 403 403 200 403
organizations:roster_template POST    -        302 405*
organizations:roster         GET     own      302 404 404 404 404 404 404 404 200 404
organizations:roster         GET     child    302 404 404 404 404 404 404 404 200 404
organizations:roster         GET     foreign  302 404*
organizations:roster         POST    any      302 405*
organizations:load_roster    GET     any      302 405*
organizations:load_roster    POST    own      302 404 404 404 404 404 404 404 302 404
organizations:load_roster    POST    child    302 404 404 404 404 404 404 404 302 404
organizations:load_roster    POST    foreign  302 404*
"""
