"""Advice: each rule as a table, and what is found alike in other units' dossiers."""

import pytest

from models_registry import advice, services
from models_registry.models import Dossier, KnownSentence, Publication, SentenceMark
from models_registry.queries.advice import advice_on
from models_registry.services.known_sentences import remember
from tests.factories import AT, person, unit
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import answered

MINE = "Họp tổ ba lần, đi từng hộ giải thích cho rõ; đảng viên đo đất và ghi biên bản công khai."
THEIRS = "Hop to 3 lan, di tung ho giai thich cho rõ. Đảng viên đo đất, ghi biên bản công khai."


def content(**item):
    base = {"id": 1, "kind": "COL", "title": "Trồng cây", "ongoing": False, "due_on": "2026-06-30"}
    base |= {"expected_result": "60 hộ", "expected_value": None, "measure": ""}
    return {"kind": "registration_sheet", "title": "T", "practice": {}, "outputs": [], "items": [base | item]}


@pytest.mark.parametrize(
    ("item", "kinds"),
    [
        ({}, []),
        ({"due_on": None}, ["due"]),
        ({"due_on": None, "ongoing": True}, []),
        ({"due_on": None, "title": " "}, []),
        ({"expected_result": "Nâng cao nhận thức"}, ["amount"]),
        ({"expected_result": "Nâng cao nhận thức", "expected_value": "5", "measure": "buổi"}, []),
        ({"expected_result": ""}, []),
    ],
)
def test_a_work_is_advised_on_its_day_and_its_amount(item, kinds):
    given = content(**item)
    assert [kind for kind, (rule, _text) in advice.RULES.items() if list(rule(given))] == kinds


@pytest.mark.parametrize(("value", "found"), [("4", []), (None, [("output.7", "Bản tin")])])
def test_an_output_without_a_number_is_advised_on(value, found):
    given = content() | {"outputs": [{"id": 7, "name": "Bản tin", "value": value, "measure": "buổi"}]}
    assert list(advice.without_amount(given)) == found


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ("Giữ sạch đường vào ấp, mỗi tháng 2 ngày ra quân", "giu sach duong vao ap moi thang 4 ngay RA QUÂN", True),
        ("Mỗi tuần các hộ cùng dọn vệ sinh đường tổ 6", "Mỗi chiều các hộ cùng dọn vệ sinh đường tổ 4", True),
        ("Mỗi tuần các hộ cùng dọn vệ sinh đường tổ 6", "Mỗi tháng chi bộ họp bàn chuyện đường tổ 6", False),
    ],
)
def test_sentences_are_alike_after_folding(mine, theirs, same):
    folded = [advice.compared(text) for text in (mine, theirs)]
    assert advice.alike(*folded) is same
    if same:
        assert set(advice.signature(folded[0], "1:2026")) & set(advice.signature(folded[1], "1:2026"))
    assert not set(advice.signature(folded[0], "1:2026")) & set(advice.signature(folded[0], "2:2026"))


@pytest.mark.parametrize(
    ("case", "led"),
    [
        ({}, False),
        ({"place": "Ấp Thạnh Phong", "their_place": "ap thanh phong"}, True),
        ({"their_path": "0001"}, True),
        ({"works_along": True}, True),
    ],
)
def test_a_model_is_led_elsewhere_in_one_place_one_line_or_shared(case, led):
    base = {"place": "Ấp 1", "their_place": "Xã An", "path": "00010002", "their_path": "00010003", "works_along": False}
    assert advice.is_led_elsewhere(**base | case) is led


@pytest.fixture
def older(district, opened):
    return make.full_model(district.other_cell, district.other_secretary, opened)


def sent_by(secretary, opened):
    made = make.full_model(secretary.post.unit, secretary, opened)
    services.save_draft(made.pk, by=secretary, at=AT, fields={"following": THEIRS, "place": "Nơi khác"})
    return services.take_step(made.pk, "submit", by=secretary, at=AT)


@pytest.fixture
def theirs(district, opened):
    return sent_by(district.other_secretary, opened)


def told(dossier, user):
    dossier = Dossier.objects.select_related("unit", "practice").get(pk=dossier.pk)
    found = advice_on(dossier, make.content(dossier), user, day=AT.date())
    return {(one.kind, one.key): one.text for one in found}


pages = pytest.mark.django_db


@pages
def test_what_another_unit_sent_is_told_without_whose_it_is(district, model, theirs):
    services.save_draft(model.pk, by=district.secretary, at=AT, fields={"following": MINE})
    found = told(model, district.secretary)
    assert found[("alike", "following")] == str(advice.ALIKE_UNSEEN)
    assert ("led", "title") not in found
    assert "ấp 2" not in " ".join(found.values())


@pages
def test_in_the_showcase_it_is_told_whose_it_is_and_a_shared_model_who_leads(district, model, theirs):
    services.save_draft(model.pk, by=district.secretary, at=AT, fields={"following": MINE})
    theirs.co_units.add(district.cell)
    assert "Chi bộ ấp 2" in told(model, district.secretary)[("led", "title")]
    Dossier.objects.filter(pk=theirs.pk).update(state="approved")
    Publication.objects.create(dossier=theirs, summary="", published_at=AT, published_by=district.head)
    assert "Chi bộ ấp 2" in told(model, district.secretary)[("alike", "following")]
    theirs.sentences.update(passage="Gọi 0912 345 678 để họp tổ")
    assert "“Gọi (đã ẩn) để họp tổ”" in told(model, district.secretary)[("alike", "following")]


@pages
@pytest.mark.parametrize("mine_is", ["another adoption", "the source"])
def test_who_adopted_the_same_model_did_not_copy_from_one_another(district, older, model, theirs, mine_is):
    services.save_draft(model.pk, by=district.secretary, at=AT, fields={"following": MINE})
    assert ("alike", "following") in told(model, district.secretary)
    kin = {model: older, theirs: older} if mine_is == "another adoption" else {theirs: model}
    for dossier, made_from in kin.items():
        Dossier.objects.filter(pk=dossier.pk).update(copied_from=made_from)
    assert ("alike", "following") not in told(model, district.secretary)
    stranger = person(unit("Chi bộ ba", parent=district.commune), "secretary")
    sent_by(stranger, older.round)
    assert ("alike", "following") not in told(model, district.secretary)
    Dossier.objects.filter(pk__in=[model.pk, theirs.pk]).update(copied_from=None)
    assert ("alike", "following") in told(model, district.secretary)


COMMON = "Chi bộ phối hợp tuyên truyền vận động nhân dân trên địa bàn ấp {} góp phần xây dựng nông thôn mới kiểu mẫu"


def everybody_writes(body) -> None:
    own = [f"{one}{two}{three}" for one in "bcdghklmnpqrstvxyfjw" for two in "aeiouy" for three in "cmnptghk"]
    texts = [advice.compared(COMMON.format(f"giữ {one} và {own[-n]}")) for n, one in enumerate(own)]
    KnownSentence.objects.bulk_create(
        KnownSentence(body=body, year=2026, digest=n, text=text) for n, text in enumerate(texts)
    )
    SentenceMark.objects.bulk_create(
        SentenceMark(sentence_id=pk, mark=mark)
        for pk, text in KnownSentence.objects.filter(text__in=texts).values_list("pk", "text")
        for mark in advice.signature(text, advice.scope_of(body.path, 2026))
    )


@pages
@pytest.mark.parametrize("mine", ["phân loại rác bằng giỏ nhựa hai ngăn", "phân loại rác bằng giỏ tre hai ngăn"])
def test_a_copied_sentence_is_found_among_hundreds_of_the_same_phrases(district, model, theirs, mine):
    everybody_writes(theirs.body)
    copied = COMMON.format("phân loại rác bằng giỏ nhựa hai ngăn")
    remember(theirs, make.content(theirs) | {"practice": {"following": copied}})
    services.save_draft(model.pk, by=district.secretary, at=AT, fields={"following": COMMON.format(mine)})
    assert told(model, district.secretary)[("alike", "following")] == str(advice.ALIKE_UNSEEN)


@pages
@pytest.mark.parametrize("state", ["withdrawn", "rejected"])
def test_what_was_withdrawn_or_refused_is_nobodys_model(district, model, theirs, state):
    services.save_draft(model.pk, by=district.secretary, at=AT, fields={"following": MINE})
    Dossier.objects.filter(pk=theirs.pk).update(state=state)
    assert ("alike", "following") not in told(model, district.secretary)


@pages
def test_sending_again_forgets_what_was_taken_out(district, theirs):
    before = set(theirs.sentences.values_list("passage", flat=True))
    assert any("ghi biên bản" in text for text in before)
    services.take_step(theirs.pk, "take", by=district.appraiser, at=AT)
    services.take_step(theirs.pk, "request_revision", by=district.appraiser, at=AT, reason="Viết theo việc của mình")
    services.save_draft(theirs.pk, by=district.other_secretary, at=AT, fields={"following": "Làm theo cách riêng."})
    answered(theirs, district.other_secretary)
    services.take_step(theirs.pk, "submit", by=district.other_secretary, at=AT)
    assert not any("ghi biên bản" in text for text in theirs.sentences.values_list("passage", flat=True))
