"""Made-up rows for the page that shows every component in every variant. Nothing here is read from the database."""

import datetime as dt
from types import SimpleNamespace

from django import forms as django_forms
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboards.waterfall import waterfall
from journal.models import Job
from models_registry.lifecycle import ItemState, State
from models_registry.models import Attachment
from portal.gallery_charts import charts
from vietnamese import forms


def samples(request) -> dict:
    """Return the context of the gallery, one entry a component; the page number comes from the address."""
    now = timezone.now()
    return {
        "states": [*State.choices, *ItemState.choices, *Job.State.choices, *_DERIVED],
        "rates": RATES,
        "events": _events(now),
        "page_obj": Paginator(range(5990), 50).get_page(request.GET.get("page", 5)),
        "sort": request.GET.get("sort", "-due"),
        "jobs": _jobs(now),
        "form": _refused_form(),
        "files": FILES,
        "photos": [{"name": _("Ảnh ra quân.jpg"), "url": "#files", "thumbnail": static("img/mark.svg")}],
        "steps": STEPS,
        "tabs": TABS,
        "chips": [
            {"label": _("Trạng thái: Đang thẩm định"), "remove_url": "?"},
            {"label": _("Chờ trên 10 ngày"), "remove_url": "?"},
        ],
        "pairs": [{"label": _("Giải pháp"), "mine": LONG_TEXT, "theirs": _("Vận động từng hộ, có sổ theo dõi.")}],
        "facts": [(_("Tên mô hình"), _("Tổ bảo vệ môi trường")), (_("Giải pháp"), LONG_TEXT), (_("Kinh phí"), "")],
        "rows": ROWS,
        "branches": [_COMMUNE | {"below": [_branch("Chi bộ ấp 1", _("mới")), _branch("Chi bộ ấp 2")]}],
        "charts": charts(),
        "fall": waterfall((_("Quý I"), 8, 10), FALL, (_("Quý II"), 14, 15)),
    }


FALL = [
    (_("Mới đến hạn"), 0, 6),
    (_("Hoàn thành"), 6, 0),
    (_("Khắc phục việc quá hạn"), 1, 0),
    (_("Chuyển đi"), -1, -1),
]


def _branch(name: str, mark: str = "", more: int = 0) -> dict:
    return {"name": name, "mark": mark, "below": [], "more": more}


_COMMUNE = _branch("Đảng ủy xã mẫu A", more=12)
_DERIVED = [("overdue", _("Quá hạn")), ("late", _("Muộn")), ("sealed", _("Đã chốt")), ("provisional", _("Tạm tính"))]

LONG_TEXT = _(
    "Mỗi tổ tự quản nhận một đoạn đường, họp ngắn vào sáng thứ Bảy, ghi sổ việc đã làm và việc còn lại; "
    "những hộ khó khăn được hỗ trợ thùng phân loại."
)

RATES = [
    {"n": 133350, "N": 135720, "X": 12, "text": "98,3%", "level": "high"},
    {"n": 1999, "N": 2500, "X": 0, "text": "79,96%", "level": "middle"},
    {"n": 3, "N": 10, "X": 1, "text": "30,0%", "level": "low"},
    {"n": 0, "N": 0, "X": 0, "text": "—", "level": "none"},
    {"n": 10, "N": 10, "X": 0, "text": "100%"},
]

FILES = [
    {"pk": 1, "name": _("Kế hoạch số 17-KH chi bộ ấp 1 (bản ký).pdf"), "size": 1_240_000, "url": "#files"},
    {"pk": 2, "name": _("Ảnh ra quân.jpg"), "size": 380_000, "url": "#files", "note": _("gửi 05/06/2026")},
    {"pk": 3, "name": _("Báo cáo quý.docx"), "size": 52_000, "url": "#files", "held": Attachment.Held.WAITING.label},
]

STEPS = [
    {"label": _("Thông tin chung"), "url": "#steps", "done": True, "remark": _("Ban có ý kiến")},
    {"label": _("Ba nội dung"), "url": "#steps", "done": True, "trouble": True},
    {"label": _("Chỉ tiêu và hạn chế"), "current": True},
    {"label": _("Cá nhân điển hình"), "url": "#steps"},
    {"label": _("Lộ trình và gửi")},
]

TABS = [
    {"label": _("Chờ nhận"), "url": "#tabs", "current": True, "count": 1204},
    {"label": _("Của tôi"), "url": "#tabs", "count": 8},
    {"label": _("Đã quyết định"), "url": "#tabs"},
]

ROWS = [
    {
        "title": _("Tổ bảo vệ môi trường"),
        "unit": _("Chi bộ ấp 1"),
        "state": "under_appraisal",
        "days": 4,
        "state_label": _("Đang thẩm định"),
    },
    {
        "title": _("Dân vận khéo trong giải phóng mặt bằng"),
        "unit": _("Đảng ủy xã An"),
        "state": "approved",
        "days": 12,
        "state_label": _("Đã duyệt"),
    },
]


def _events(now: dt.datetime) -> list[dict]:
    hours = dt.timedelta(hours=1)
    return [
        {"at": now - 90 * hours, "title": _("Gửi bản 1"), "actor": "Nguyễn Văn Mẫu", "state": "submitted"},
        {
            "at": now - 60 * hours,
            "title": _("Yêu cầu bổ sung"),
            "actor": "Trần Thị Mẫu",
            "unit": _("Ban Tuyên giáo"),
            "state": "revision_requested",
            "note": _("Chưa nêu chỉ tiêu nghị quyết; lộ trình thiếu ngày kết thúc."),
            "told": "Nguyễn Văn Mẫu",
        },
        {
            "at": now - 20 * hours,
            "title": _("Gửi bản 2"),
            "actor": "Lê Văn Mẫu",
            "on_behalf_of": "Nguyễn Văn Mẫu",
            "state": "submitted",
        },
        {"at": now, "title": _("Duyệt"), "actor": "Phạm Văn Mẫu", "state": "approved"},
    ]


def _jobs(now: dt.datetime) -> list:
    """Jobs that nobody owns and no row holds: shown, never asked about again."""
    told = {
        "waiting": {},
        "running": {"done": 3400, "total": 10414},
        "done": {"message": _("Đã chốt 10.414 đơn vị.")},
        "failed": {"message": _("Tệp units.csv, dòng 12: mã đơn vị lặp lại.")},
    }
    return [
        SimpleNamespace(
            **{
                "pk": state,
                "title": _("Chốt số liệu Quý I/2026"),
                "state": state,
                "is_over": state in ("done", "failed"),
            }
            | {"done": 0, "total": 0, "message": "", "get_state_display": Job.State(state).label}
            | more
        )
        for state, more in told.items()
    ]


class SampleForm(forms.Form):
    """Every kind of field the portal uses."""

    title = django_forms.CharField(label=_("Tên mô hình"), max_length=200, help_text=_("Ngắn, nói đúng việc làm."))
    content = django_forms.CharField(
        label=_("Nội dung"),
        max_length=500,
        widget=django_forms.Textarea(
            attrs={
                "rows": 4,
                "data-autosize": "4",
                "data-counter": _("Còn {n} ký tự"),
                "data-counter-over": _("Quá {n} ký tự"),
            }
        ),
    )
    due_on = forms.DayField(label=_("Ngày hoàn thành"))
    amount = forms.NumberField(label=_("Số lượng"), required=False)
    kind = django_forms.ChoiceField(label=_("Loại"), choices=[("", _("Hãy chọn")), ("COL", _("Tập thể"))])
    status = django_forms.ChoiceField(
        label=_("Tình trạng khắc phục"),
        choices=[("no", _("Chưa khắc phục")), ("part", _("Khắc phục chưa đầy đủ")), ("yes", _("Đã khắc phục"))],
        widget=django_forms.RadioSelect,
    )
    consent = django_forms.BooleanField(label=_("Cá nhân được nêu tên đã đồng ý"))
    file = django_forms.FileField(label=_("Minh chứng"), required=False, help_text=_("PDF hoặc ảnh, tối đa 10 MB."))


def _refused_form() -> SampleForm:
    form = SampleForm({"title": "Tổ bảo vệ môi trường", "due_on": "31/02/2026", "content": "Mỗi tổ một đoạn đường."})
    form.is_valid()
    return form
