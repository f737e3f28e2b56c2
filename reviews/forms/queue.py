"""The queue's filters as they stand in the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from journal.questions import Among, Question
from models_registry.lifecycle import State
from models_registry.models import Dossier
from organizations.models import Unit
from organizations.paths import ids_of
from organizations.permissions import reaches
from reviews.queries.queue import ALL, SENT, SORTS, QueueFilters, rounds_of_board
from vietnamese.forms import Form

STATES = SENT


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
    late_unit = forms.BooleanField(label=_("Đơn vị quá hạn bổ sung"), required=False)
    short = forms.BooleanField(label=_("Còn thiếu người chấm"), required=False)
    state = forms.ChoiceField(
        label=_("Trạng thái"), choices=[(ALL, _("Tất cả")), *((s.value, s.label) for s in STATES)], required=False
    )
    sort = forms.ChoiceField(label=_("Sắp xếp"), choices=[(sort, sort) for sort in sorted(SORTS)], required=False)

    # What can be asked beyond the search box; the panel that offers it costs three queries and opens when asked for.
    NARROWING = ("unit", "kind", "theme", "round", "waiting", "mine", "proposed", "overdue", "late_unit", "short")

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        self.opened = bool(data.get("filter")) or any(data.get(name) for name in self.NARROWING)
        if data.get("unit"):
            self.fields["unit"].queryset = Unit.objects.visible_to(user)
        if self.opened:
            self._offer_rounds()

    def _offer_rounds(self) -> None:
        rounds = rounds_of_board(body=self.user.post.unit_id)
        every = [("", _("Tất cả"))]
        themes = {round_.theme_id: f"{round_.theme.title} ({round_.year})" for round_ in rounds}
        self.fields["round"].choices = every + [(round_.pk, str(round_)) for round_ in rounds]
        self.fields["theme"].choices = every + list(themes.items())

    def filters(self) -> QueueFilters:
        """Return what was asked, without the values that were refused."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}
        given.setdefault("state", State.SUBMITTED)
        return QueueFilters(**given)

    def unit_choices(self) -> list[tuple[str, str, bool]]:
        """Return (id, name, chosen) of the chosen unit, those above it and those right below; without one, right below
        the top.

        One query. A province's units would be a page of their own, so the list opens as one goes down it. The top
        itself, which stands under nobody, is what "all" means.
        """
        chosen = self.cleaned_data.get("unit")
        tops = [ids_of(path)[-1] for path in self.user.post.served_paths]
        line = [*chosen.ancestor_ids, chosen.pk] if chosen else []
        found = _units_near(line=line, parents=[chosen.pk] if chosen else tops)
        names = {unit.pk: unit.name for unit in found if reaches(self.user, unit)}
        above = [(pk, names.pop(pk)) for pk in line if pk in names]
        return [(str(pk), name, chosen is not None and pk == chosen.pk) for pk, name in [*above, *names.items()]]


@Question
def _units_near():
    near = Among("placements__unit", "line") | Among("placements__parent", "parents")
    return Unit.objects.filter(near, placements__valid_to=None).only("name", "path")
