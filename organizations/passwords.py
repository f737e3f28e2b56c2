"""What makes a password too weak here: short, common, about oneself, or words everyone in this work would try."""

import re

from django.contrib.auth import password_validation as django_rules
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vietnamese.folding import bare

# Folded and without spaces. Longest first, so that "matkhau" goes before "mat".
LOCAL_WORDS = sorted(
    {
        "dangbo", "dangvien", "dangcongsan", "congsan", "danguy", "huyenuy", "tinhuy", "thanhuy", "chibo", "capuy",
        "bithu", "phobithu", "tuyengiao", "danvan", "bantuyengiao", "baclamtheo", "lamtheobac", "hoctapbac",
        "hoctapvalamtheobac", "hochiminh", "chutichhochiminh", "bacho", "vietnam", "conghoaxahoichunghia",
        "doclaptudohanhphuc", "uybannhandan", "ubnd", "mattran", "mattranquoc", "hoinongdan", "hoiphunu",
        "doanthanhnien", "cuuchienbinh", "matkhau", "password", "quantri", "admin", "administrator", "taikhoan",
        "dangnhap",
        "qwerty",
        "qwertyuiop", "asdfgh", "zxcvbn", "abcdef", "abc", "iloveyou", "anhyeuem", "emyeuanh", "xinchao", "letmein",
        "hanoi", "saigon", "thanhpho", "tinh", "huyen", "phuong", "thon", "khupho", "user", "test", "demo",
    },
    key=lambda word: (-len(word), word),
)  # fmt: skip
_LOCAL = re.compile("|".join(LOCAL_WORDS))
LEFT_OVER = 4  # so many letters of one's own must remain once all known words are taken out


class LongEnough(django_rules.MinimumLengthValidator):
    def get_error_message(self):
        return _("Mật khẩu cần ít nhất %(count)d ký tự. Một câu dễ nhớ có dấu cách là tốt nhất.") % {
            "count": self.min_length
        }

    def get_help_text(self):
        return _("Ít nhất %(count)d ký tự, ví dụ một câu ngắn có dấu cách mà chỉ mình bạn nghĩ ra.") % {
            "count": self.min_length
        }


class NotCommon(django_rules.CommonPasswordValidator):
    def get_error_message(self):
        return _("Mật khẩu này quá nhiều người dùng. Hãy chọn câu khác.")

    def get_help_text(self):
        return ""


class NotAboutOneself:
    """Refuse what is made of the person's own names or telephone number."""

    def validate(self, password, user=None):
        if user is None:
            return
        typed = _letters_and_digits(password)
        parts = {_letters_and_digits(text) for text in (user.username, user.full_name, user.phone or "")}
        for part in sorted(parts, key=len, reverse=True):
            if len(part) >= 3:
                typed = typed.replace(part, "")
        if len(typed) < LEFT_OVER:
            raise ValidationError(_("Mật khẩu quá giống tên hoặc số điện thoại của bạn."), code="password_too_similar")

    def get_help_text(self):
        return ""


class NotLocalWords:
    """Refuse what is only digits, one repeated sign, or words everyone in this work would try first."""

    def validate(self, password, user=None):
        letters = re.sub(r"[^a-z]", "", bare(password))
        if len(set(bare(password))) < 5 or len(_LOCAL.sub("", letters)) < LEFT_OVER:
            raise ValidationError(
                _("Mật khẩu này quá dễ đoán. Hãy thêm vài từ của riêng bạn, đừng chỉ dùng số hay tên cơ quan."),
                code="password_too_guessable",
            )

    def get_help_text(self):
        return _("Không chỉ gồm số, tên cơ quan, tên hay số điện thoại của bạn.")


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", bare(text))
