"""What is asked before a bulk is rehearsed: which act, and what that act needs."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from models_registry.models import Criterion
from organizations.permissions import may
from organizations.queries import people_at
from reviews.forms.steps import REASON, SHORT
from reviews.models import CannedRemark, Decision
from reviews.querysets import BOARD_ROLES
from reviews.services.bulk import ACTS, MOST, acts_for
from vietnamese.forms import DayField, Form

SHOWN = 10  # reasons the board gave lately


class BulkForm(Form):
    """Which act on the chosen dossiers; a field the act does not need is not asked of it."""

    act = forms.ChoiceField(
        label=_("Việc cần làm"), widget=forms.RadioSelect, error_messages={"required": _("Hãy chọn một việc.")}
    )
    later = forms.BooleanField(label=_("Chỉ ký, công bố sau (đơn vị chưa biết)"), required=False)
    codes = forms.MultipleChoiceField(
        label=_("Tiêu chí chưa đạt"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    canned = forms.ChoiceField(label=_("Lý do mẫu và lý do Ban đã dùng"), required=False)
    reason = forms.CharField(label=_("Hoặc viết lý do"), required=False, **REASON | {"min_length": None})
    due_on = DayField(label=_("Hạn bổ sung"), required=False, help_text=_("Để trống: 10 ngày làm việc."))
    to = forms.TypedChoiceField(label=_("Giao cho"), coerce=int, empty_value=None, required=False)
    cap = forms.IntegerField(
        label=_("Người ấy giữ nhiều nhất (hồ sơ)"), min_value=1, max_value=MOST, required=False,
        help_text=_("Tính cả hồ sơ đang giữ. Để trống nếu không giới hạn."),
    )  # fmt: skip

    def __init__(self, data=None, *, user, initial=None):
        super().__init__(data, initial=initial)
        self.fields["act"].choices = acts_for(user)
        self.fields["codes"].choices = _criteria(user)
        self.fields["canned"].choices = [("", "—"), *((text, text) for text in _given_lately(user))]
        if not may(user, ACTS["assign"].action):
            del self.fields["to"], self.fields["cap"]
            return
        people = sorted(people_at(user.post.unit_id, BOARD_ROLES, timezone.now()), key=lambda one: one.sort_key)
        self.fields["to"].choices = [("", _("Chọn một người")), *((one.pk, str(one)) for one in people)]

    def clean(self):
        given = super().clean()
        needs = ACTS[given["act"]].needs if given.get("act") else ()
        given["reason"] = given.get("reason") or given.get("canned") or ""
        if "reason" in needs and len(given["reason"].strip()) < 10:
            self.add_error("reason", SHORT)
        if "codes" in needs and not given.get("codes"):
            self.add_error("codes", _("Hãy chọn ít nhất một tiêu chí mà hồ sơ chưa đạt."))
        if "to" in needs and not given.get("to") and "to" not in self.errors:
            self.add_error("to", _("Hãy chọn một người."))
        return given

    def given(self) -> dict:
        """Return what the act needs, as plain values."""
        typed, needs = self.cleaned_data, ACTS[self.cleaned_data["act"]].needs
        day = typed["due_on"].isoformat() if typed.get("due_on") else None
        every = {"announce": not typed["later"], "codes": typed["codes"], "reason": typed["reason"], "due_on": day}
        every |= {"to": typed.get("to"), "cap": typed.get("cap")}
        return {name: every[name] for name in needs}


def _criteria(user) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return [(group, [(code, text)])] of all the board's sets, as its appraisals show them; one query."""
    known = Criterion.objects.filter(criterion_set__owner=user.post.unit_id).order_by("order", "code")
    texts = {(group, code): text for group, code, text in known.values_list("group", "code", "text")}
    groups = [(group, [(code, text) for (of, code), text in texts.items() if of == group]) for group in Criterion.Group]
    return [(group.label, rows) for group, rows in groups if rows]


def _given_lately(user) -> list[str]:
    """Return the board's own sentences, then the reasons it returned dossiers with lately, each once; two queries."""
    kept = CannedRemark.objects.visible_to(user).values_list("text", flat=True)
    returned = Decision.objects.visible_to(user).filter(outcome=Decision.Outcome.RETURNED).order_by("-pk")
    lately = list(dict.fromkeys(returned.values_list("reason", flat=True)[:100]))[:SHOWN]
    return list(dict.fromkeys([*kept, *lately]))
