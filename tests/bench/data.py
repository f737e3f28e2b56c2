"""What the pages are measured over: 50.000 dossiers on the cells of the synthetic province, and who looks at them."""

import datetime as dt
import itertools
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.utils import timezone

from models_registry.content import content_of
from models_registry.lifecycle import ItemState, State
from models_registry.models import (
    CriterionSet,
    Dossier,
    DossierVersion,
    Exemplar,
    MeasureUnit,
    PracticeModel,
    PracticeOutput,
    Publication,
    RegistrationRound,
    ResolutionTarget,
    Shortcoming,
    ShortcomingLink,
    TargetLink,
    Theme,
    Turn,
    Vote,
    WorkItem,
)
from models_registry.queries.calendar import working_calendar
from models_registry.services.criteria import seed_default_criteria
from organizations import services
from organizations.models import Person, Post, Unit
from organizations.sessions import SessionStore
from tests.bench.board import appraise, bar
from vietnamese.searching import search_text

# SHOWN: models in the showcase; SPARE: drafts to submit and dossiers to decide, besides; BULK: decided in one bulk.
DOSSIERS, SHOWN, SPARE, BULK = 50_000, 500, 120, 300
WHAT = ("Tổ bảo vệ môi trường", "Tuyến đường hoa", "Ngày thứ bảy tình nguyện", "Quỹ tiết kiệm", "Nhà sạch, vườn đẹp")
WHERE = ("ấp Thạnh Phong", "khu phố 3", "thôn Đông", "xóm Chùa", "tổ 6", "cụm dân cư số 2", "trường tiểu học")
STATES = (State.SUBMITTED,) * 5 + (State.UNDER_APPRAISAL,) * 3 + (State.APPROVED,) * 6 + (State.REVISION_REQUESTED,)


@transaction.atomic
def prepare() -> SimpleNamespace:
    """Write the dossiers and people, and return them.

    `people` by role, `model` (under appraisal), `written` (a draft model of the secretary), `drafts` as (dossier,
    its own secretary), `to_decide`, `bulks` (two lots to decide together), `proposed_at`.
    """
    now = timezone.now()
    province = Unit.objects.get(kind=Unit.Kind.PROVINCE_COMMITTEE)
    board = _unit("BENCH-BTG", "Ban Tuyên giáo Tỉnh ủy", Unit.Kind.ADVISORY_BODY, province, now)
    services.let_appraise(board, province, valid_from=province.valid_from, by=None, at=now)
    cells = list(Unit.objects.filter(kind=Unit.Kind.CELL).order_by("id"))
    held = _round(board, now)
    people = _people(board, province, cells[0], now)
    made = _dossiers(held, cells, people, now)
    bar(made.pop("rows"), people, board=board, cell=cells[-1], now=now)
    return SimpleNamespace(province=province, board=board, people=people, **made)


def _unit(code, name, kind, parent, now):
    return services.add_unit(
        code=code, name=name, kind=kind, parent=parent, valid_from=parent.valid_from, by=None, at=now
    )


def _round(board, now) -> RegistrationRound:
    year, today = now.year, timezone.localdate(now)
    seed_default_criteria(board, year, by=None, at=now)
    criteria = {found.dossier_kind: found for found in CriterionSet.objects.filter(owner=board)}
    theme = Theme.objects.create(title="Chuyên đề năm", year_from=year, year_to=year, owner=board)
    return RegistrationRound.objects.create(
        name=f"Đợt đăng ký năm {year}",
        year=year,
        body=board,
        theme=theme,
        model_criteria=criteria["practice_model"],
        sheet_criteria=criteria["registration_sheet"],
        opens_on=dt.date(year, 1, 1),
        closes_on=today,
        late_until=dt.date(year, 12, 31),
        target_kinds=[Unit.Kind.CELL],
        opened_at=now,
        appraisers=2,
    )


def _people(board, province, cell, now) -> dict:
    seats = {"head": board, "appraiser": board, "colleague": board, "leader": province, "secretary": cell}
    people = {}
    for name, unit in seats.items():
        role = "appraiser" if name == "colleague" else name
        person = services.add_person(username=f"bench-{name}", full_name=f"Người {name}", by=None, at=now)
        services.give_post(person, unit=unit, role=role, starts_at=now - dt.timedelta(days=1), by=None, at=now)
        people[name] = person
    return people


def _dossiers(held, cells, people, now) -> dict:
    """Write all dossiers in bulk, a model every fourteenth; each spare draft in a cell with a secretary of its own."""
    own, spare, others = cells[0], cells[1 : SPARE + 1], itertools.cycle(cells[SPARE + 1 :])
    writers = _secretaries(spare, now)
    # As many hands as a province has wrote them: the database plans by it.
    authors = itertools.cycle(writer for _cell, writer in writers)
    rows = [
        _dossier(held, next(others), next(authors), STATES[n % len(STATES)], n, now, model=n % 14 == 5)
        for n in range(DOSSIERS)
    ]
    drafts = [_dossier(held, cell, writer, State.DRAFT, n, now) for n, (cell, writer) in enumerate(writers)]
    written = _dossier(held, own, people["secretary"], State.DRAFT, 0, now, model=True)
    to_decide = [
        _dossier(held, next(others), next(authors), State.UNDER_APPRAISAL, n, now) for n in range(SPARE + 2 * BULK)
    ]
    _number_sheets([*rows, *drafts, *to_decide])
    Dossier.objects.bulk_create([*rows, *drafts, written, *to_decide], batch_size=2000)
    _fill([*rows, *drafts, written, *to_decide], now)
    _turns([*rows, *to_decide], now)
    appraise([*rows, *to_decide], people, now)
    model = next(d for d in rows if d.is_model and d.state == State.UNDER_APPRAISAL)
    _publish([d for d in rows if d.is_model and d.state == State.APPROVED][:SHOWN], people, now)
    pairs = [(draft, writer) for draft, (_cell, writer) in zip(drafts, writers, strict=True)]
    single, first, second = to_decide[:SPARE], to_decide[SPARE:-BULK], to_decide[-BULK:]
    made = {"model": model, "written": written, "drafts": pairs, "to_decide": single, "bulks": (first, second)}
    return made | {"rows": rows, "proposed_at": now}


def _turns(dossiers, now) -> None:
    """Give each dossier the turn it is in, due after 15 working days (the board) or 10 (the unit)."""
    calendar, turns = working_calendar(), []
    given = {
        State.SUBMITTED: ("board", 15),
        State.UNDER_APPRAISAL: ("board", 15),
        State.REVISION_REQUESTED: ("unit", 10),
    }
    for dossier in dossiers:
        if dossier.state in given:
            side, days = given[dossier.state]
            began = dossier.submitted_at if side == "board" else now
            dossier.due_on = calendar.add(timezone.localdate(began), days)
            turns.append(
                Turn(dossier=dossier, number=1, side=side, began_at=began, due_on=dossier.due_on, working_days=days)
            )
    Turn.objects.bulk_create(turns, batch_size=2000)
    Dossier.objects.bulk_update(dossiers, ["due_on"], batch_size=500)


def _publish(dossiers, people, now) -> None:
    """Put models into the showcase, each judged by all there are, every second one adopted from the last."""
    Publication.objects.bulk_create(
        Publication(dossier=d, summary=f"{d.title}: làm gì, được gì", published_at=now, published_by=people["head"])
        for d in dossiers
    )
    Vote.objects.bulk_create(
        Vote(dossier=d, person=person, stars=1 + (d.pk + n) % 5, at=now)
        for d in dossiers
        for n, person in enumerate(people.values())
    )
    for source, copy in itertools.pairwise(dossiers):
        copy.copied_from = source if copy.pk % 2 else None
    Dossier.objects.bulk_update(dossiers, ["copied_from"], batch_size=500)


def _number_sheets(dossiers) -> None:
    """Call every sheet of a unit after its first supplementary, as the constraint asks."""
    seen = set()
    for dossier in dossiers:
        dossier.supplementary = not dossier.is_model and dossier.unit_id in seen
        if not dossier.is_model:
            seen.add(dossier.unit_id)


def _secretaries(cells, now) -> list[tuple]:
    """Return (cell, its secretary) for each cell, written in bulk."""
    people = [Person(username=f"bench-{cell.pk}", full_name=f"Bí thư {cell.pk}") for cell in cells]
    Person.objects.bulk_create(people)
    begun = now - dt.timedelta(days=1)
    pairs = list(zip(cells, people, strict=True))
    Post.objects.bulk_create(Post(person=p, unit=cell, role="secretary", starts_at=begun) for cell, p in pairs)
    return pairs


def _dossier(held, unit, author, state, n, now, *, model=False) -> Dossier:
    title = f"{WHAT[n % len(WHAT)]} {WHERE[n % len(WHERE)]} số {n}"
    sent = state != State.DRAFT
    return Dossier(
        kind=Dossier.Kind.PRACTICE_MODEL if model else Dossier.Kind.REGISTRATION_SHEET,
        unit=unit,
        round=held,
        year=held.year,
        title=title,
        state=state,
        version=1 if sent else 0,
        body=held.body if sent else None,
        author=author,
        created_at=now,
        changed_at=now,
        submitted_at=now - dt.timedelta(days=n % 60, seconds=n) if sent else None,
        submitted_by=author if sent else None,
        folded=search_text(title, unit.name),
    )


def _fill(dossiers, now) -> None:
    """Give every dossier its items and its frozen version, every model its contents."""
    measure = MeasureUnit.objects.first()
    due = dt.date(now.year, 12, 31)
    items = []
    for dossier in dossiers:
        begun = dossier.state == State.APPROVED
        items += [
            WorkItem(
                dossier=dossier,
                unit=dossier.unit,
                kind=kind,
                year=dossier.year,
                title=f"{dossier.title}: {what}",
                assignee="Bí thư chi bộ",
                accountable="Chi ủy",
                starts_on=timezone.localdate(now),
                due_on=due,
                expected_result="Có sổ theo dõi, có minh chứng",
                expected_value=4,
                measure=measure,
                subject_name="Đảng viên mẫu" if kind == "IND" else "",
                subject_position="Đảng viên" if kind == "IND" else "",
                subject_number=1 if kind == "IND" else None,
                state=ItemState.IN_PROGRESS if begun else ItemState.PLANNED,
                approved_at=now if begun else None,
                due_in_force=due if begun else None,
                folded=search_text(dossier.title, what),
                order=order,
            )
            for order, (kind, what) in enumerate([("COL", "làm"), ("COL" if dossier.is_model else "IND", "giữ")])
        ]
    WorkItem.objects.bulk_create(items, batch_size=4000)
    _practices([dossier for dossier in dossiers if dossier.is_model], measure)
    templates = {}
    versions = []
    for dossier in dossiers:
        if dossier.version:
            if dossier.kind not in templates:
                templates[dossier.kind] = content_of(dossier)
            versions.append(
                DossierVersion(
                    dossier=dossier,
                    number=1,
                    content=templates[dossier.kind] | {"title": dossier.title},
                    submitted_at=dossier.submitted_at,
                    submitted_by=dossier.submitted_by,
                )
            )
    DossierVersion.objects.bulk_create(versions, batch_size=2000)


def _practices(dossiers, measure) -> None:
    text = "Bàn với dân trước khi làm, giao việc rõ người, rõ ngày, kiểm tra mỗi tháng một lần. " * 6
    words = dict.fromkeys(
        ("situation", "goal", "learning", "following", "example_setting", "solutions", "resources", "upkeep", "spread"),
        text,
    )
    short = dict.fromkeys(("place", "target_group", "beneficiaries"), "Toàn địa bàn")
    board = dossiers[0].body
    target = ResolutionTarget.objects.create(owner=board, text="Chỉ tiêu", year_from=2020, year_to=2030)
    fault = Shortcoming.objects.create(owner=board, text="Tồn tại", year=dossiers[0].year)
    practices = PracticeModel.objects.bulk_create(PracticeModel(dossier=d, **words, **short) for d in dossiers)
    TargetLink.objects.bulk_create(TargetLink(practice=p, target=target) for p in practices)
    ShortcomingLink.objects.bulk_create(
        ShortcomingLink(practice=p, shortcoming=fault, remedy="partly") for p in practices
    )
    Exemplar.objects.bulk_create(Exemplar(practice=p, position="Bí thư chi bộ", evidence=text) for p in practices)
    PracticeOutput.objects.bulk_create(
        PracticeOutput(practice=p, name="Hộ tham gia", value=100, measure=measure) for p in practices
    )


def signed_in(person) -> tuple[str, str]:
    """Return the cookie header and the CSRF token of a browser signed in as this person."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    token = "a" * 32
    return f"sessionid={session.session_key}; csrftoken={token}", token
