"""What a unit writes each quarter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from progress.forms.items import CrispyForm, long_text
from vietnamese import forms as vietnamese_forms

MOST_PEOPLE = 1_000_000


class QuarterlyReportForm(CrispyForm):
    prefix = "report"

    results = long_text(_("Kết quả nổi bật"), rows=6)
    difficulties = long_text(_("Khó khăn, hạn chế"), rows=4, required=False)
    next_steps = long_text(_("Nhiệm vụ quý sau"), rows=4, required=False)


class MeetingForm(CrispyForm):
    prefix = "meeting"

    held_on = vietnamese_forms.DayField(label=_("Ngày sinh hoạt"))
    topic = forms.CharField(label=_("Nội dung chuyên đề"), max_length=500)
    invited = forms.IntegerField(label=_("Số người được triệu tập"), min_value=1, max_value=MOST_PEOPLE)
    attended = forms.IntegerField(label=_("Số người dự"), min_value=0, max_value=MOST_PEOPLE)
    conclusions = long_text(_("Kết luận"), rows=4, required=False)


class ReportExemptionForm(CrispyForm):
    reason = long_text(_("Lý do miễn"), rows=3, longest=300)
