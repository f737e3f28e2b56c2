"""What is typed at the door."""

from allauth.account.forms import LoginForm
from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from vietnamese.forms import CleanInput

LONGEST_PASSWORD = 256


def password_field(label, autocomplete: str, help_text="") -> forms.CharField:
    """Return a field for a password: spaces are part of it, and it is never sent back to the page."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(CleanInput, LoginForm):
    password = password_field(_("Mật khẩu"), "current-password")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Tên đăng nhập hoặc số điện thoại"),
            max_length=60,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self.order_fields(["login", "password"])
        self.helper = FormHelper()
        self.helper.form_tag = False
