"""Why an item counts in a rate, or does not: one line each, as a leader reads it beside the item."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from completion.lines import INHERITED, WAITS
from completion.rates import Check, Checked, Frame, Judgement, Known, judge
from progress.models import Fact
from vietnamese.display import day_text, instant_text, quarter_text

# In n, in N only, in X.
_VERDICTS = {
    True: gettext_lazy("%(what)s – tính"),
    False: gettext_lazy("%(what)s – không tính"),
    None: gettext_lazy("%(what)s – không vào mẫu số"),
}
_CAME = {WAITS: gettext_lazy("chưa bàn giao"), INHERITED: gettext_lazy("kế thừa")}


def why_counted(
    state: Known,
    frame: Frame,
    facts: Iterable[Fact],
    checks: Sequence[Checked],
    *,
    rate: str,
    came: str = "",
    corrected: str = "",
) -> str:
    """Return one line on why an item is, or is not, in n of a rate, from what was known of it at K.

    "Đến hạn 31/03/2026, hoàn thành 30/03/2026, xác nhận 02/04/2026 – tính". Of R8 by its checks, else by its facts, all
    of them, for they tell what K did not know. `came` is the mark of how it came to its unit (completion/lines.py).
    """
    judged = judge(state, frame)
    if judged.excluded:
        said, counted = [_excluded(facts, frame)], None
    elif rate == "r8":
        said, counted = [_checked(checks, frame)], judged.check is Check.PASSED
    else:
        said = _told(state, judged, frame, list(facts))
        counted = judged.on_time if rate == "r4" else judged.completed
    said += [_CAME[came]] if came in _CAME else []
    said += [corrected] if corrected else []
    return _VERDICTS[counted] % {"what": ", ".join(map(str, said))}


def _told(state: Known, judged: Judgement, frame: Frame, facts: list[Fact]) -> list[str]:
    said = [_("Đến hạn %(day)s") % {"day": day_text(state.due)}]
    if not judged.completed:
        return said + _why_not(state, frame, facts)
    said.append(_("hoàn thành %(day)s") % {"day": day_text(state.completed_on)})
    said.append(_("xác nhận %(day)s") % {"day": day_text(state.confirmed_at)})
    return said if judged.on_time else [*said, _("sau hạn")]


def _checked(checks: Sequence[Checked], frame: Frame) -> str:
    """Return what the quarter's check of ongoing work found, by the one recorded last."""
    said = {"quarter": quarter_text(frame.quarter.number, frame.quarter.year)}
    if not checks:
        return _("%(quarter)s chưa được kiểm tra") % said
    said["at"] = instant_text(checks[-1].at)
    if checks[-1].passed:
        return _("Kiểm tra %(quarter)s: Đạt, ghi lúc %(at)s") % said
    return _("Kiểm tra %(quarter)s: Chưa đạt, ghi lúc %(at)s") % said


def _excluded(facts: Iterable[Fact], frame: Frame) -> str:
    known = [f for f in facts if f.kind == Fact.Kind.EXCLUDED and f.at < frame.known_until]
    if not known:
        return _("Loại trừ")
    said = {"reason": known[-1].get_exclusion_display(), "day": day_text(known[-1].at)}
    return _("Loại trừ: %(reason)s, quyết định %(day)s") % said


def _why_not(state: Known, frame: Frame, facts: list[Fact]) -> list[str]:
    """Return why an item was not completed for the quarter, at K or by what became known after it."""
    if state.confirmed_at is not None:
        return [_("hoàn thành %(day)s, sau khi quý kết thúc") % {"day": day_text(state.completed_on)}]
    known = [f for f in facts if f.at < frame.known_until]
    words = [f for f in known if f.kind in (Fact.Kind.CONFIRMED, Fact.Kind.REVOKED)]
    if words and words[-1].kind == Fact.Kind.REVOKED:
        return [_("tái phát hoặc xác nhận sai, hủy xác nhận %(day)s") % {"day": day_text(words[-1].at)}]
    claimed = [f for f in facts if f.kind == Fact.Kind.COMPLETED]
    late = [f for f in facts if f.kind == Fact.Kind.CONFIRMED and f.at >= frame.known_until]
    if late:
        done = [_("hoàn thành %(day)s") % {"day": day_text(claimed[-1].on)}] if claimed else []
        return [*done, _("xác nhận muộn, lúc %(at)s, sau thời điểm chốt") % {"at": instant_text(late[0].at)}]
    if any(f.at < frame.known_until for f in claimed):
        return [_("đã báo cáo hoàn thành, chưa được xác nhận")]
    return [_("chưa hoàn thành")]
