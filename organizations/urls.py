from django.urls import path

from organizations.views import account, delegation, head_counts, people, posts, rosters, units

app_name = "organizations"
urlpatterns = [
    path("posts/switch/", account.switch_post, name="switch_post"),
    path("units/", units.units, name="units"),
    path("units/add/", units.add_unit, name="add_unit"),
    path("units/suggest/", units.suggest_units, name="suggest_units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/correct/", units.correct_unit, name="correct_unit"),
    path("units/<int:pk>/move/", units.move_unit, name="move_unit"),
    path("units/<int:pk>/end/", units.end_unit, name="end_unit"),
    path("units/<int:pk>/body/", units.give_body, name="give_body"),
    path("units/<int:pk>/body/end/", units.end_body, name="end_body"),
    path("units/<int:pk>/members/", head_counts.members, name="members"),
    path("cells/", head_counts.cells, name="cells"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.edit_person, name="edit_person"),
    path("people/<int:pk>/shut-out/", people.shut_out, name="shut_out"),
    path("people/<int:pk>/let-in/", people.let_in, name="let_in"),
    path("people/<int:pk>/code/", people.make_code, name="make_code"),
    path("people/<int:pk>/second-factor/", people.remove_second_factor, name="remove_second_factor"),
    path("people/posts/give/", posts.give_post, name="give_post"),
    path("people/posts/<int:pk>/end/", posts.end_post, name="end_post"),
    path("posts/delegations/", delegation.delegations, name="delegations"),
    path("posts/<int:pk>/delegate/", delegation.delegate, name="delegate"),
    path("posts/<int:pk>/revoke/", delegation.revoke, name="revoke"),
    path("units/<int:pk>/hand-over/", delegation.hand_over, name="hand_over"),
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/template.xlsx", rosters.roster_template, name="roster_template"),
    path("rosters/<int:pk>/", rosters.roster, name="roster"),
    path("rosters/<int:pk>/load/", rosters.load_roster, name="load_roster"),
]
