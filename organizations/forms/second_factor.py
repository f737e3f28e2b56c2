"""What is typed to set up, to show and to change a second factor."""

import json

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from organizations.forms.account import password_field
from organizations.forms.fields import PageForm

SALT = "second factor"
SECONDS = 30 * 60  # so long a secret that was shown may be confirmed
_NUMBER = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "one-time-input"}


class PasswordForm(PageForm):
    """Asks for the own password again, unless one has only just signed in."""

    password = password_field(_("Mật khẩu hiện nay"), "current-password")

    def __init__(self, *args, fresh: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if fresh:
            del self.fields["password"]


class CodeForm(PageForm):
    code = forms.CharField(label=_("Mã 6 số"), max_length=20, widget=forms.TextInput(attrs=_NUMBER))


class RecoveryForm(PageForm):
    code = forms.CharField(
        label=_("Mã khôi phục"),
        max_length=40,
        help_text=_("Một mã còn chưa dùng trên tờ giấy bạn đã in hoặc chép, ví dụ ABCD-EFGH."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class AppForm(CodeForm, PasswordForm):
    """The first code of an app, with the secret it was shown, signed for this person."""

    field_order = ["code", "password"]

    def __init__(self, data=None, *, person, secret: str, **kwargs):
        super().__init__(data, **kwargs)
        self.person = person
        self.secret = self._signed_back(data.get("shown", "")) if data is not None else secret
        # A page that stood open too long shows another secret, and asks again.
        self.too_late = not self.secret
        self.secret = self.secret or secret
        self.shown = signing.dumps({"person": person.pk, "secret": self.secret}, salt=SALT)

    def _signed_back(self, shown: str) -> str:
        try:
            said = signing.loads(shown, salt=SALT, max_age=SECONDS)
        except signing.BadSignature:
            return ""
        return said["secret"] if said["person"] == self.person.pk else ""

    def clean(self):
        if self.too_late:
            raise forms.ValidationError(_("Trang để lâu nên đã có khóa mới. Hãy thêm lại khóa ở trên vào ứng dụng."))
        return super().clean()

    def groups(self) -> str:
        """Return the secret as it is typed by hand, four signs at a time."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))


class KeyForm(PasswordForm):
    """A name, and what the browser says of the key; without it the form begins what the browser does."""

    name = forms.CharField(
        label=_("Tên để nhận ra"), max_length=60, required=False, help_text=_("Ví dụ: điện thoại của tôi.")
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    field_order = ["name", "password", "credential"]

    def clean_credential(self):
        return read_credential(self.cleaned_data["credential"])


class ShownKeyForm(PageForm):
    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)

    def clean_credential(self):
        return read_credential(self.cleaned_data["credential"])


def read_credential(text: str) -> dict:
    """Return what a browser's script sent of a key; {} for none, and for what is none."""
    try:
        said = json.loads(text or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
