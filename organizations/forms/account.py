"""What is typed at the door."""

from allauth.account.forms import LoginForm
from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import PageForm
from organizations.models import Person
from vietnamese.forms import CleanInput, Form

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


class ResetCodeForm(NewPasswordForm):
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

    def clean_login(self):
        """The name as typed; the new password is then checked against the person it names."""
        self.person = Person.objects.known_as(self.cleaned_data["login"])
        return self.cleaned_data["login"]
