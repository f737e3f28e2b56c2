"""What is typed at the door, and how one wants to be told."""

from collections.abc import Mapping

from allauth.account.forms import LoginForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext_lazy as _

from journal.models import Told
from organizations.forms.fields import PageForm
from vietnamese.forms import CleanInput, Form

LONGEST_PASSWORD = 256
# Where a notice is told, in the order of a choice.
CHANNELS = ("portal", "mail")


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


class NewPasswordForm(Form):
    """A new password typed twice, for the person it is checked against."""

    new_password = password_field(_("Mật khẩu mới"), "new-password")
    again = password_field(_("Nhập lại mật khẩu mới"), "new-password")

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["new_password"].help_text = " ".join(filter(None, password_validators_help_texts()))
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_new_password(self):
        validate_password(self.cleaned_data["new_password"], self.person)
        return self.cleaned_data["new_password"]

    def clean_again(self):
        first = self.data.get("new_password")
        if first and self.cleaned_data["again"] != first:
            raise forms.ValidationError(_("Hai lần nhập không giống nhau."))
        return self.cleaned_data["again"]


class ChangePasswordForm(NewPasswordForm):
    password = password_field(_("Mật khẩu hiện nay"), "current-password")
    field_order = ["password", "new_password", "again"]


class MailForm(PageForm):
    """Whether, where and in which language the daily mail comes."""

    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        max_length=254,
        help_text=_("Để trống nếu bạn không dùng thư điện tử: lời nhắc vẫn có trên cổng."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    wants_mail = forms.BooleanField(label=_("Gửi cho tôi mỗi sáng một thư nhắc việc"), required=False)
    mail_language = forms.ChoiceField(label=_("Ngôn ngữ của thư"), choices=settings.LANGUAGES)

    def __init__(self, data=None, *, places: Mapping[str, tuple[bool, bool]], **kwargs):
        super().__init__(data, **kwargs)
        for kind, chosen in places.items():
            for channel, ticked in zip(CHANNELS, chosen, strict=True):
                self.fields[f"{channel}_{kind}"] = forms.BooleanField(required=False, initial=ticked)
        # What is chosen for each kind stands in a table of its own.
        self.helper.layout = Layout("email", "wants_mail", "mail_language")

    def kinds(self) -> list[tuple]:
        """Return [(kind's words, in the portal, by mail)], the last two as bound fields."""
        return [(kind.label, *(self[f"{channel}_{kind}"] for channel in CHANNELS)) for kind in Told]

    def clean(self):
        given = super().clean()
        mailed = given.get("wants_mail") and (given.get("email") or "email" in self.errors)
        only_mail = [kind.label for kind in Told if self._places(kind) == (False, True)]
        if only_mail and not mailed:
            self.add_error(
                None,
                _("Bạn chọn chỉ nhận bằng thư: %(kinds)s. Hãy ghi địa chỉ và chọn nhận thư, hoặc chọn nhận trên cổng.")
                % {"kinds": ", ".join(map(str, only_mail))},
            )
        return given

    def _places(self, kind: str) -> tuple[bool, bool]:
        in_portal, by_mail = (bool(self.cleaned_data.get(f"{channel}_{kind}")) for channel in CHANNELS)
        return in_portal, by_mail

    def mail(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("email", "wants_mail", "mail_language")}

    def places(self) -> dict[str, tuple[bool, bool]]:
        return {kind: self._places(kind) for kind in Told.values}


class ResetCodeForm(NewPasswordForm):
    """Whose account it is, a code and a new password. What is wrong with it tells nothing of any account: the password
    is held against its person once the code has opened."""

    login = forms.CharField(
        label=_("Tên đăng nhập hoặc số điện thoại"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Mã dùng một lần"),
        max_length=40,
        help_text=_("Mã trên giấy quản trị viên đưa cho bạn, ví dụ ABCD-EFGH-JKLM. Chữ hoa hay thường đều được."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    field_order = ["login", "code", "new_password", "again"]
