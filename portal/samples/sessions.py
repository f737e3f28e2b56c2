"""A session of the main board in the samples: who met, two dossiers, and what was concluded on one of them."""

from datetime import time, timedelta

from models_registry.lifecycle import State
from models_registry.models import Dossier
from portal.samples.calendar import SampleYear, instant
from portal.samples.people import People
from reviews.models import Session
from reviews.services.sessions import add_points, keep_session, note_point


def hold_session(people: People, cell: str, year: SampleYear) -> None:
    """Let the board of a cell meet over the dossiers it appraises now; its minutes are left to be made."""
    board = people.board_of(people.units[cell])
    head, appraiser = people.acting("head", board.code), people.acting("appraiser", board.code)
    held_on = year.today - timedelta(days=1)
    at = instant(held_on, 11)
    session = Session(
        title="Phiên họp thẩm định hồ sơ (giả lập)",
        held_on=held_on,
        begins_at=time(8, 0),
        ends_at=time(10, 30),
        place="Phòng họp số 1",
        chair=f"{head.full_name}, Trưởng ban",
        secretary=f"{appraiser.full_name}, chuyên viên",
        attendees=f"{head.full_name}, Trưởng ban\n{appraiser.full_name}, chuyên viên",
        conclusion="Các hồ sơ còn chung chung thì yêu cầu đơn vị nêu rõ ai làm, làm lúc nào, kết quả đo bằng gì.",
    )
    keep_session(session, edition=0, by=appraiser, at=at)
    discussed = Dossier.objects.visible_to(appraiser).filter(state=State.UNDER_APPRAISAL).order_by("id")[:2]
    add_points(session.pk, [dossier.pk for dossier in discussed], by=appraiser, at=at)
    if point := session.points.first():
        note_point(
            point.pk,
            discussion="Mô hình gắn với việc cụ thể của ấp; lộ trình còn thiếu mốc kiểm tra.",
            conclusion="Thống nhất đề xuất duyệt sau khi đơn vị bổ sung mốc kiểm tra.",
            edition=0,
            by=appraiser,
            at=at,
        )
