"""The nightly proofs on record: of which tree and quarter, whether the figures agreed, and each cell that did not."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from completion.queries.closings import trees_in_sight
from journal.models import Event
from models_registry.models import WorkItem
from organizations.models import Unit
from vietnamese.display import number_text

# Outcome: the colour of its badge, what the list says of it, and what its own page says.
OUTCOMES = {
    "figures.proved": ("success", gettext_lazy("khớp"), gettext_lazy("Mọi ô đều khớp.")),
    "figures.differed": (
        "warning",
        gettext_lazy("%(count)s ô lệch, đã tính lại"),
        gettext_lazy("%(count)s ô lệch, đã thay bằng số tính lại."),
    ),
    "figures.unfolded": (
        "warning",
        gettext_lazy("Không cộng dồn được; đã tính lại, %(count)s ô khác đi"),
        gettext_lazy(
            "Các thay đổi đang chờ không cộng dồn được vì một lỗi của cổng, nên mọi số đã được tính lại từ đầu: "
            "%(count)s ô khác đi."
        ),
    ),
    "figures.unproved": (
        "overdue",
        gettext_lazy("Không tính lại được, chưa đối chiếu"),
        gettext_lazy("Không tính lại được vì một lỗi của cổng, nên đêm ấy chưa đối chiếu; số tạm tính giữ nguyên."),
    ),
}
OF_PARTS = {
    "own": gettext_lazy("riêng đơn vị"),
    "inherited": gettext_lazy("kế thừa"),
    "waiting": gettext_lazy("chưa bàn giao"),
}
NUMBERS = {"n": "n", "base": "N", "x": "X"}
PAPERS = {
    "owed": gettext_lazy("phải báo cáo quý"),
    "exempt": gettext_lazy("được miễn báo cáo quý"),
    "reported": gettext_lazy("đã báo cáo quý"),
    "in_time": gettext_lazy("báo cáo quý đúng hạn"),
    "obliged": gettext_lazy("phải đăng ký"),
    "registered": gettext_lazy("có việc được duyệt"),
    "freed": gettext_lazy("được miễn đăng ký"),
    "members": gettext_lazy("đảng viên"),
    "members_exempt": gettext_lazy("đảng viên được miễn"),
    "members_planned": gettext_lazy("đảng viên có việc được duyệt"),
    "uncounted": gettext_lazy("chưa khai số đảng viên"),
}


def proofs_in_sight(user):
    """Return the proofs of the trees within reach, newest first, each with its root."""
    roots = trees_in_sight(user).order_by().values("pk")
    return Event.objects.filter(verb__in=OUTCOMES, unit__in=roots).select_related("unit").order_by("-pk")


def outcome_of(event: Event) -> dict[str, str]:
    """Return the colour, the few words and the sentence of what a proof came to."""
    colour, *words = OUTCOMES[event.verb]
    label, sentence = (str(said) % {"count": number_text(event.detail["cells"])} for said in words)
    return {"colour": colour, "label": label, "sentence": sentence, "fault": event.detail.get("fault", "")}


def cells_of(event: Event) -> list[dict]:
    """Return the cells kept of a proof: unit, what is counted, what was folded and what computed; one query."""
    cells = event.detail["first"]
    names = dict(Unit.objects.filter(pk__in={cell[0] for cell in cells}).values_list("pk", "name"))
    return [
        {"unit": names.get(unit, f"#{unit}"), "cell": cell_text(kind, name), "folded": folded, "computed": computed}
        for unit, kind, name, folded, computed in cells
    ]


def cell_text(kind: str, name: str) -> str:
    """Return "Việc của tập thể, R3 N" of a kind of works and a counter, and of a paper what it counts."""
    if name in PAPERS:
        return str(PAPERS[name])
    part, _underscore, rest = name.partition("_")
    beside = f" ({OF_PARTS[part]})" if part in OF_PARTS else ""
    rate, _underscore, number = (rest if beside else name).partition("_")
    said = {"kind": WorkItem.Kind(kind).label, "rate": rate.upper(), "number": NUMBERS[number]}
    return _("%(kind)s, %(rate)s %(number)s") % said + beside
