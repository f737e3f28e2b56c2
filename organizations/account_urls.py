"""Of allauth's addresses only those we need; its names are kept, because it reverses them itself."""

from django.urls import path

from organizations.views import account

urlpatterns = [
    path("login/", account.SignIn.as_view(), name="account_login"),
    path("logout/", account.sign_out, name="account_logout"),
    path("stay/", account.stay, name="account_stay"),
    path("password/", account.change_password, name="account_change_password"),
    path("mail/", account.mail, name="account_mail"),
    path("code/", account.reset_by_code, name="account_reset_code"),
]
