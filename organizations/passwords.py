"""What makes a password too weak here: short, common, about oneself, or words everyone in this work would try."""

import re

from django.contrib.auth import password_validation as django_rules
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from organizations.models import Unit
from organizations.paths import STEP, path_end
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
# What stands before the name of a place in the name of its committee.
_OFFICE = re.compile("^(danguy|banchaphanh|tinhuy|thanhuy|huyenuy|quanuy|thiuy)+")
_RANK = re.compile("^(xa|phuong|thitran|thixa|huyen|quan|dackhu|thanhpho|tinh)")
PLACES = ("province_committee", "district_committee", "upper_grassroots_committee", "grassroots_committee")
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
    """Refuse what is only digits, one repeated sign, or words everyone in this work would try first, the names of the
    provinces, districts and communes around one's own unit among them. Two queries."""

    def validate(self, password, user=None):
        letters = _letters(password)
        for place in sorted(_places_around(user), key=len, reverse=True):
            letters = letters.replace(place, "")
        if len(set(bare(password))) < 5 or len(_LOCAL.sub("", letters)) < LEFT_OVER:
            raise ValidationError(
                _("Mật khẩu này quá dễ đoán. Hãy thêm vài từ của riêng bạn, đừng chỉ dùng số hay tên cơ quan."),
                code="password_too_guessable",
            )

    def get_help_text(self):
        return _("Không chỉ gồm số, tên cơ quan, tên hay số điện thoại của bạn.")


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", bare(text))


def _places_around(user) -> set[str]:
    """Return the names of the committees of one's own trees, with and without xã, phường … before them."""
    paths = user.posts.values_list("unit__path", flat=True) if user is not None and user.pk else ()
    roots, found = {path[:STEP] for path in paths if path}, set()
    for name in Unit.objects.filter(_within(roots), kind__in=PLACES).values_list("name", flat=True):
        place = _OFFICE.sub("", _letters(name))
        found |= {place, _RANK.sub("", place)}
    return {place for place in found if len(place) >= LEFT_OVER}


def _within(roots) -> Q:
    within = Q(pk__in=())
    for root in roots:
        within |= Q(path__gte=root, path__lt=path_end(root))
    return within


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", bare(text))
