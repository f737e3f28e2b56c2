"""The queue's filters as they stand in the address."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import State
from models_registry.models import Dossier, RegistrationRound
from organizations.models import Placement, Unit
from organizations.paths import ids_of
from reviews.queries.queue import ALL, SORTS, QueueFilters
from vietnamese.forms import Form

STATES = [state for state in State if state != State.DRAFT]


class QueueForm(Form):
    """Reads the address; `filters()` then says what was asked. Unknown values are errors, foreign units too."""

    q = forms.CharField(label=_("Tìm trong hồ sơ"), max_length=200, required=False)
    unit = forms.ModelChoiceField(
        label=_("Đơn vị, gồm cả cấp dưới"), queryset=Unit.objects.none(), required=False, empty_label=_("Tất cả")
    )
    kind = forms.ChoiceField(label=_("Loại hồ sơ"), choices=[("", _("Tất cả")), *Dossier.Kind.choices], required=False)
    theme = forms.TypedChoiceField(label=_("Chuyên đề"), coerce=int, empty_value=None, required=False)
    round = forms.TypedChoiceField(label=_("Đợt đăng ký"), coerce=int, empty_value=None, required=False)
    waiting = forms.IntegerField(label=_("Đã chờ ít nhất (ngày)"), min_value=1, max_value=3650, required=False)
    mine = forms.BooleanField(label=_("Tôi đang giữ"), required=False)
    proposed = forms.BooleanField(label=_("Đã có đề xuất, chờ quyết định"), required=False)
    overdue = forms.BooleanField(label=_("Quá hạn thẩm định"), required=False)
    state = forms.ChoiceField(choices=[(ALL, _("Tất cả")), *((s.value, s.label) for s in STATES)], required=False)
    sort = forms.ChoiceField(choices=[(sort, sort) for sort in sorted(SORTS)], required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        rounds = list(RegistrationRound.objects.filter(body=user.post.unit_id).select_related("theme"))
        themes = {round_.theme_id: round_.theme.title for round_ in rounds}
        every = [("", _("Tất cả"))]
        self.fields["round"].choices = every + [(round_.pk, str(round_)) for round_ in rounds]
        self.fields["theme"].choices = every + list(themes.items())
        self.user, self.rounds = user, tuple((round_.pk, round_.appraisal_days) for round_ in rounds)

    def filters(self) -> QueueFilters:
        """Return what was asked, without the values that were refused."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}
        given.setdefault("state", State.SUBMITTED)
        return QueueFilters(rounds=self.rounds, **given)

    def unit_choices(self) -> list[tuple[int, str]]:
        """Return (id, name) of the chosen unit, those above it and those right below it; without one, of the top.

        One query. A province's units would be a page of their own, so the list opens as one goes down it.
        """
        chosen = self.cleaned_data.get("unit")
        tops = [ids_of(path)[-1] for path in self.user.post.served_paths]
        line = [*chosen.ancestor_ids, chosen.pk] if chosen else tops
        below = Placement.objects.filter(parent__in=[chosen.pk] if chosen else tops, valid_to=None)
        found = Unit.objects.visible_to(self.user).filter(Q(pk__in=line) | Q(pk__in=below.values("unit")))
        names = found.values_list("pk", "name", "path")
        first = sorted((row for row in names if row[0] in line), key=lambda row: row[2])
        return [(pk, name) for pk, name, _path in [*first, *(row for row in names if row[0] not in line)]]
