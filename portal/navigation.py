"""The main navigation as a table: what it is called, where it leads, and which action of the acting post opens it."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from organizations.permissions import GRANTS, Action, may_reach_a_root


@dataclass(frozen=True, slots=True)
class Entry:
    """One row; `actions` empty means everyone who is signed in."""

    label: str
    url_name: str
    actions: tuple[Action, ...] = ()
    # The pages that belong under this entry, when they are more than its own namespace.
    prefix: str = ""
    # Only where the post may reach the root of a tree.
    at_root: bool = False


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
    Entry(_("Số liệu"), "dashboards:start", (Action.READ_FIGURES,)),
    Entry(_("Bộ báo cáo"), "packs:start", (Action.READ_FIGURES,), prefix="/figures/packs"),
    Entry(_("Chốt quý"), "completion:closings", (Action.CLOSE_QUARTERS,), prefix="/figures/closing", at_root=True),
    Entry(
        _("Số liệu đã công bố"),
        "completion:published_tables",
        (Action.ENTER_PUBLISHED, Action.APPROVE_PUBLISHED),
        prefix="/figures/published",
    ),
    Entry(_("Chuyên đề và đợt"), "models_registry:rounds", (Action.RUN_ROUNDS,), prefix="/registry/rounds"),
    Entry(
        _("Lịch nghỉ"), "models_registry:calendar", (Action.KEEP_CALENDAR,), prefix="/registry/calendar", at_root=True
    ),
    Entry(_("Tổ chức"), "organizations:units", (Action.MANAGE_UNITS,), prefix="/org/units"),
    Entry(_("Người dùng"), "organizations:people", (Action.MANAGE_PEOPLE,), prefix="/org/people"),
)


def entries_for(user, path: str) -> list[dict]:
    """Return what the acting post opens, as rows of label, url and current; no query beyond the post itself."""
    if not user.is_authenticated:
        return []
    rows = _opened(user.post.role if user.post else None, may_reach_a_root(user), get_script_prefix())
    return [{"label": entry.label, "url": url, "current": _is_current(entry, url, path)} for entry, url in rows]


@lru_cache(maxsize=64)
def _opened(role: str | None, at_root: bool, prefix: str) -> list[tuple[Entry, str]]:
    """Return what a role opens, with its address below `prefix`; worked out once a process."""
    opened = [entry for entry in MAIN if _opens(entry, role, at_root)]
    return [(entry, url) for entry in opened if (url := _url_of(entry))]


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
