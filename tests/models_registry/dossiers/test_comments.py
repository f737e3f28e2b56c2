"""Comments between unit and board."""

import pytest

from models_registry.models import Comment
from tests.models_registry.dossiers.pages import sent, url

pytestmark = pytest.mark.django_db


def test_unit_and_board_talk_and_the_boards_internal_notes_stay_inside(client, model, district):
    sent(model, district.secretary)
    client.force_login(district.appraiser)
    client.post(url("comment", model.pk), {"text": "Xin nêu rõ số hộ", "audience": "both"})
    client.post(url("comment", model.pk), {"text": "Đề nghị xem kỹ", "audience": "board"})
    client.force_login(district.secretary)
    client.post(url("comment", model.pk), {"text": "Là 60 hộ", "audience": "both"})
    page = client.get(url("dossier", model.pk)).content.decode()
    assert "Xin nêu rõ số hộ" in page
    assert "Đề nghị xem kỹ" not in page
    client.force_login(district.head)
    page = client.get(url("dossier", model.pk)).content.decode()
    assert "Đề nghị xem kỹ" in page
    assert "Là 60 hộ" in page
    assert list(district.secretary.notices.values_list("text", flat=True)) == ["Ý kiến mới về “Tổ bảo vệ môi trường”"]


def test_a_comment_counts_characters_and_no_longer_one_is_taken(secretary, model, district):
    sent(model, district.secretary)
    assert secretary.post(url("comment", model.pk), {"text": "ễ" * 500, "audience": "both"}).status_code == 302
    answer = secretary.post(url("comment", model.pk), {"text": "ễ" * 501, "audience": "both"})
    assert answer.status_code == 422
    assert "ễ" * 501 in answer.content.decode()
    assert Comment.objects.count() == 1


def test_a_unit_writes_no_internal_note_and_a_leader_none_at_all(client, model, district):
    sent(model, district.secretary)
    client.force_login(district.secretary)
    assert client.post(url("comment", model.pk), {"text": "Thử", "audience": "board"}).status_code == 422
    client.force_login(district.leader)
    assert client.post(url("comment", model.pk), {"text": "Thử", "audience": "both"}).status_code == 403
