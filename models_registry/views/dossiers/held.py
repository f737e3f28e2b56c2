"""What the pages that write a dossier share: the dossier one may edit now, its steps, the answer to a stale page."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from models_registry import gate
from models_registry.describing import Row, describe, field_label
from models_registry.editions import edition_of
from models_registry.forms.steps import Screen
from models_registry.lifecycle import EDITS, Edit, State
from models_registry.models import Dossier, Remark
from models_registry.queries.remarks import reopened_of, to_be_answered
from models_registry.reopening import EVERYTHING, NotReopened, Reopened
from models_registry.sections import sections_of
from organizations.permissions import Action, may, reaches
from vietnamese.display import instant_text

FILES = "files"
INDIVIDUAL = "individual"
CHECK = "check"
ANSWERS = "answers"
# So many missing fields are named in the list of steps; more are counted.
FEW = 3
# In the session: [dossier, window, the edition its page carried, the edition that saving by itself made of it].
AUTOSAVED = "autosaved"


def held_or_404(request, pk) -> Dossier:
    """Return a dossier within sight that this person may write in at all; whether now is `can_be_edited`'s answer."""
    seen = Dossier.objects.visible_to(request.user).select_related("unit", "round", "practice")
    found = get_object_or_404(seen, pk=pk)
    if not may(request.user, Action.REGISTER) or not reaches(request.user, found.unit):
        raise PermissionDenied
    return found


def not_editable(request, dossier):
    """Answer a page that is no longer to be written in: back to the dossier, saying where it stands."""
    messages.info(request, _("Hồ sơ đang ở tình trạng “%(state)s” nên không sửa được.") % {"state": _state(dossier)})
    return redirect("models_registry:dossier", dossier.pk)


def posted(request):
    """Return what was posted, also when it is nothing; None for a page that is only shown."""
    return request.POST if request.method == "POST" else None


def edition_seen(request, dossier: Dossier, newest: Callable[[], Screen | None] | None = None) -> int:
    """Return the edition the person has before the eyes.

    It is the one the page carries, or the dossier's own where that was made by this very page saving by itself and
    the answer got lost on the way, or where `newest`, this screen as it is saved now, still is what the page showed:
    somebody else then wrote elsewhere in the dossier.
    """
    carried = edition_of(request.POST)
    if carried == dossier.edition:
        return carried
    lost = [dossier.pk, request.POST.get("window"), carried, dossier.edition]
    if request.session.get(AUTOSAVED) == lost:
        return dossier.edition
    seen, screen = request.POST.get("seen"), newest() if newest else None
    return dossier.edition if seen and screen is not None and seen == screen.mark else carried


def what_happened(shut: gate.StepNotOpen) -> str:
    """Return one sentence on who moved or changed the dossier, and when."""
    last, state = shut.last, _state(shut.row)
    if last is None:
        return _("Hồ sơ đã thay đổi; hiện ở tình trạng “%(state)s”.") % {"state": state}
    return _("%(who)s đã thay đổi hồ sơ này lúc %(at)s; hiện ở tình trạng “%(state)s”.") % {
        "who": last.who or _("Cổng"),
        "at": instant_text(max(last.at, shut.row.changed_at)),
        "state": state,
    }


def step_url(dossier: Dossier, key: str) -> str:
    return reverse("models_registry:step", args=[dossier.pk, key])


def step_list(dossier: Dossier, current: str, remarks: "Remarks | None" = None) -> list[dict]:
    """Return the steps as `components/steps.html` draws them, the check before sending as the last; no query.

    A returned dossier has the answers to its `remarks` before that, and says which steps the board wrote about.
    """
    remarks = remarks or Remarks()
    steps = [
        {
            "key": key,
            "label": title,
            "url": step_url(dossier, key),
            "current": key == current,
            "done": key not in dossier.lacking,
            "remark": _("Ban có ý kiến") if key in remarks.sections else "",
            "note": _missing(key, dossier.lacking[key]) if key in dossier.lacking else "",
        }
        for key, title in sections_of(is_model=dossier.is_model).items()
    ]
    ends = {CHECK: _("Kiểm tra và gửi")}
    if remarks.pinned:
        ends = {ANSWERS: _("Trả lời ý kiến của Ban"), **ends}
    for key, label in ends.items():
        url = reverse(f"models_registry:{key}", args=[dossier.pk])
        steps.append({"key": key, "label": label, "url": url, "current": key == current, "done": False})
    if remarks.pinned:
        steps[-2] |= _answered(remarks.pinned)
    return steps


def _answered(pinned: Mapping[str, Remark]) -> dict:
    left = sum(not one.answer for one in pinned.values())
    note = ngettext("còn %(n)d ý kiến", "còn %(n)d ý kiến", left) % {"n": left}
    return {"note": note} if left else {"done": True}


def _missing(section: str, pinned: Collection[str]) -> str:
    """Return what a step lacks in a few words: the fields by name while they are few, else how many places."""
    names = [name for key in pinned if (name := field_label(key))]
    if len(names) == len(pinned) <= FEW:
        return _("còn thiếu: %(fields)s") % {"fields": ", ".join(names)}
    if list(pinned) == [section]:
        return _("còn thiếu")
    return ngettext("còn thiếu %(n)d chỗ", "còn thiếu %(n)d chỗ", len(pinned)) % {"n": len(pinned)}


def after_saving(request, dossier: Dossier, key: str, remarks: "Remarks") -> str:
    """Return the address the person asked for with the button that saved: this step, another one, or the next."""
    wanted = request.POST.get("to", "")
    if wanted in (CHECK, ANSWERS):
        return reverse(f"models_registry:{wanted}", args=[dossier.pk])
    if wanted in sections_of(is_model=dossier.is_model):
        return step_url(dossier, wanted)
    return step_url(dossier, key) if "stay" in request.POST else neighbours(dossier, key, remarks)[1]


def neighbours(dossier: Dossier, key: str, remarks: "Remarks") -> tuple[str, str]:
    """Return the addresses before and after a step: the dossier before the first, the check after the last.

    Of a returned dossier only the steps that are open, and the answers after the last.
    """
    keys = [one for one in sections_of(is_model=dossier.is_model) if one == key or remarks.opens(one, dossier)]
    end = ANSWERS if remarks.pinned else CHECK
    first, last = (reverse(f"models_registry:{name}", args=[dossier.pk]) for name in ("dossier", end))
    around = [first, *(step_url(dossier, one) for one in keys), last]
    place = keys.index(key)
    return around[place], around[place + 2]


class Remarks(NamedTuple):
    """What the board pinned to the version it returned, {place: remark}; in which sections; what that opens.

    `content` is what the board had read.
    """

    pinned: Mapping[str, Remark] = MappingProxyType({})
    sections: frozenset[str] = frozenset()
    reopened: Reopened = EVERYTHING
    content: dict | None = None

    def opens(self, key: str, dossier: Dossier) -> bool:
        """Whether anything of a section may be written: the board wrote about it, or it lacks something."""
        return self.reopened.everything or key in self.sections or key in dossier.lacking

    def kept(self, key: str, places: Collection[str] | None = None) -> tuple[list[Row], list[Row]]:
        """Return (the rows of a section, or those among `places`, that stay as they were sent; works that began)."""
        if self.content is None or (self.reopened.section(key) and not self.reopened.begun):
            return [], []
        section = next(one for one in describe(self.content, mask_names=False) if one.key == key)
        rows = section.rows if places is None else [row for row in section.rows if row.key in places]
        closed = [row for row in rows if not self.reopened.place(key, row.key)]
        begun = [row for row in closed if row.key in self.reopened.begun]
        return [row for row in closed if row not in begun], begun


def remarks_on(dossier: Dossier) -> Remarks:
    """Return the remarks on the version that was returned; one query, and only while that is being answered."""
    pinned, content = to_be_answered(dossier)
    if content is None:
        return Remarks()
    sections = describe(content, mask_names=False)
    found = (one.key for one in sections if pinned.keys() & {one.key, *(row.key for row in one.rows)})
    return Remarks(pinned, frozenset(found), reopened_of(dossier, pinned), content)


def not_reopened(request, dossier: Dossier, closed: NotReopened):
    """Answer what the board did not ask for: 403, with a way to what it did ask."""
    context = {"dossier": dossier, "text": closed.sentence()}
    return render(request, "models_registry/dossiers/conflict.html", context, status=403)


def stays_closed(request, dossier: Dossier):
    """Answer a page that writes all individuals where they were not reopened: back to their list, saying why."""
    closed = NotReopened([INDIVIDUAL])
    if request.method == "POST":
        return not_reopened(request, dossier, closed)
    messages.info(request, closed.sentence())
    return redirect(step_url(dossier, INDIVIDUAL))


def may_edit(request, dossier) -> bool:
    return Edit.SAVE in gate.open_steps(dossier, EDITS, by=request.user)


def _state(dossier: Dossier) -> str:
    return str(State(dossier.state).label)
