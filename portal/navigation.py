"""The main navigation as a table: what it is called, where it leads, and which action of the acting post opens it."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from organizations.permissions import GRANTS, Action, may_reach_a_root


@dataclass(frozen=True, slots=True)
class Entry:
    """One row; `actions` empty means everyone who is signed in. One with `parts` opens where any of them does."""

    label: str
    url_name: str = ""
    actions: tuple[Action, ...] = ()
    # The pages that belong under this entry, when they are more than its own namespace.
    prefix: str = ""
    # Only where the post may reach the root of a tree.
    at_root: bool = False
    parts: tuple["Entry", ...] = ()


FIGURES = (
    Entry(_("Bảng số liệu"), "dashboards:start", (Action.READ_FIGURES,)),
    Entry(_("Bộ báo cáo"), "packs:start", (Action.READ_FIGURES,), prefix="/figures/packs"),
    Entry(_("Chốt quý"), "completion:closings", (Action.CLOSE_QUARTERS,), prefix="/figures/closing", at_root=True),
    Entry(
        _("Số liệu đã công bố"),
        "completion:published_tables",
        (Action.ENTER_PUBLISHED, Action.APPROVE_PUBLISHED),
        prefix="/figures/published",
    ),
)
KEEPING = (
    Entry(_("Chuyên đề và đợt"), "models_registry:rounds", (Action.RUN_ROUNDS,), prefix="/registry/rounds"),
    Entry(
        _("Lịch nghỉ"), "models_registry:calendar", (Action.KEEP_CALENDAR,), prefix="/registry/calendar", at_root=True
    ),
    Entry(_("Tổ chức"), "organizations:units", (Action.MANAGE_UNITS,), prefix="/org/units"),
    Entry(_("Người dùng"), "organizations:people", (Action.MANAGE_PEOPLE,), prefix="/org/people"),
    Entry(_("Sao lưu"), "backups:backups", (Action.SEE_BACKUPS,), prefix="/backups", at_root=True),
)
MAIN = (
    Entry(_("Việc cần làm"), "home"),
    Entry(
        _("Hồ sơ đăng ký"),
        "models_registry:dossiers",
        (Action.REGISTER, Action.SUBMIT, Action.READ_LEFT),
        prefix="/registry/dossiers",
    ),
    Entry(_("Thẩm định"), "reviews:queue", (Action.APPRAISE, Action.DECIDE)),
    Entry(
        _("Phần việc"),
        "progress:items",
        (Action.REPORT, Action.ENTER_REPORT, Action.CONFIRM_OWN, Action.CONFIRM_BELOW, Action.DECIDE),
    ),
    Entry(_("Kho mô hình hay"), "models_registry:showcase", prefix="/registry/showcase"),
    Entry(_("Tìm kiếm"), "models_registry:search", prefix="/registry/search"),
    Entry(_("Số liệu"), prefix="/figures", parts=FIGURES),
    Entry(_("Thiết lập"), prefix="/org", parts=KEEPING),
)


def entries_for(user, path: str) -> list[dict]:
    """Return what the acting post opens, as rows of label, url, current and parts; no query beyond the post itself.

    A row of which one part is open is that part; `parts` are the rows of one with more.
    """
    if not user.is_authenticated:
        return []
    opened = _opened(user.post.role if user.post else None, may_reach_a_root(user), get_script_prefix())
    return [_row(entry, found, path) for entry, found in opened]


def places_for(user, path: str) -> list[dict]:
    """Return where the acting post may go, as rows of label, url and current, those of parts in place of their own."""
    return [place for row in entries_for(user, path) for place in row["parts"] or [row]]


@lru_cache(maxsize=64)
def _opened(role: str | None, at_root: bool, prefix: str) -> list[tuple[Entry, list[tuple[Entry, str]]]]:
    """Return what a role opens, each with its parts and their addresses below `prefix`; worked out once a process."""
    found = [
        (
            entry,
            [(part, url) for part in entry.parts or (entry,) if _opens(part, role, at_root) and (url := _url_of(part))],
        )
        for entry in MAIN
    ]
    return [(entry, opened) for entry, opened in found if opened]


def _row(entry: Entry, opened: list[tuple[Entry, str]], path: str) -> dict:
    parts = [
        {"label": part.label, "url": url, "current": _is_current(part, url, path), "parts": []} for part, url in opened
    ]
    if len(parts) == 1:
        return parts[0]
    current = path.startswith(entry.prefix) or any(part["current"] for part in parts)
    return {"label": entry.label, "url": parts[0]["url"], "current": current, "parts": parts}


def _opens(entry: Entry, role: str | None, at_root: bool) -> bool:
    if entry.at_root and not at_root:
        return False
    return not entry.actions or not GRANTS.get(role, frozenset()).isdisjoint(entry.actions)


def _url_of(entry: Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _is_current(entry: Entry, url: str, path: str) -> bool:
    if entry.url_name == "home":
        return path == url
    stem = entry.prefix or "/" + url.strip("/").split("/")[0]
    return path.startswith(stem)
