"""Counts and rates as reports print them: text in, number out, or the sentence that says what is wrong."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

MOST = 2_000_000_000
NONE = frozenset({"", "-", "–", "—"})
_WHOLE = re.compile(r"\d{1,3}(\.\d{3})+|\d+", re.ASCII)
_RATE = re.compile(r"(\d+)(?:,(\d{1,4}))?%?", re.ASCII)
_POINT = re.compile(r"(\d+)\.(\d+)%?", re.ASCII)


class Refused(ValueError):
    """A cell that cannot be taken; the message is the sentence to show."""


def count_of(typed: str, name: str) -> int:
    """Return "133.350" or "133350" as a whole number."""
    text = typed.replace(" ", "").replace("\u00a0", "")
    if text in NONE:
        raise Refused(_("Chưa ghi %(name)s.") % {"name": name})
    if not _WHOLE.fullmatch(text):
        raise Refused(
            _("%(name)s phải là số nguyên, nghìn cách nhau bằng dấu chấm như 1.298; ở đây là “%(typed)s”.")
            % {"name": name, "typed": typed[:40]}
        )
    number = int(text.replace(".", "")[:12])
    if number > MOST:
        raise Refused(_("%(name)s lớn quá mức có thể.") % {"name": name})
    return number


def rate_of(typed: str) -> str:
    """Return a rate as it is kept, "98,2%", with the decimals it was printed with; "" where none was printed."""
    text = typed.replace(" ", "").replace("\u00a0", "")
    if text in NONE:
        return ""
    if point := _POINT.fullmatch(text):
        said = {"typed": typed[:20], "right": f"{point[1]},{point[2]}%"}
        raise Refused(_("Số lẻ ghi bằng dấu phẩy: hãy ghi %(right)s thay cho “%(typed)s”.") % said)
    found = _RATE.fullmatch(text)
    if not found:
        said = {"typed": typed[:40]}
        raise Refused(_("Tỷ lệ ghi như trong báo cáo, ví dụ 98,2%% hoặc 97%%; ở đây là “%(typed)s”.") % said)
    whole = found[1].lstrip("0") or "0"
    shown = f"{whole},{found[2]}%" if found[2] else f"{whole}%"
    if len(whole) > 3 or Decimal(shown.rstrip("%").replace(",", ".")) > 100:
        raise Refused(_("Tỷ lệ phải từ 0%% đến 100%%; ở đây là %(rate)s.") % {"rate": shown[:20]})
    return shown
