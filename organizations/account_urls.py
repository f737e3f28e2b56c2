"""Of allauth's addresses only those we need; its names are kept, because it reverses them itself."""

from django.urls import path

from organizations.views import account, second_factor, sessions

urlpatterns = [
    path("login/", account.SignIn.as_view(), name="account_login"),
    path("logout/", account.sign_out, name="account_logout"),
    path("stay/", account.stay, name="account_stay"),
    path("password/", account.change_password, name="account_change_password"),
    path("mail/", account.mail, name="account_mail"),
    path("code/", account.reset_by_code, name="account_reset_code"),
    path("second/", second_factor.show, name="mfa_authenticate"),
    path("second-factor/", second_factor.own, name="account_second_factor"),
    path("second-factor/app/", second_factor.add_app, name="account_add_app"),
    path("second-factor/key/", second_factor.add_key, name="account_add_key"),
    path("second-factor/key/remove/", second_factor.remove_key, name="account_remove_key"),
    path("second-factor/codes/", second_factor.recovery_codes, name="account_recovery_codes"),
    path("second-factor/off/", second_factor.turn_off, name="account_second_factor_off"),
    path("held/", sessions.held_form, name="account_held"),
    path("sessions/", sessions.sessions, name="account_sessions"),
    path("sessions/end/", sessions.end, name="account_end_sessions"),
]
