"""Makes the rows a test starts from, through the services wherever one exists."""

import datetime as dt
import itertools
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password

from journal.models import Event
from organizations import services
from organizations.models import AppraisalLink, Person, Placement, Post, Unit
from organizations.services.successions import keep_succession
from tests.again import made_once
from vietnamese.folding import fold
from vietnamese.sorting import person_sort_key

AT = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
FOUNDED = dt.date(2020, 1, 1)
PASSWORD = "mat khau du dai 2026"
_number = itertools.count(1)


def unit(name="Chi bộ", kind=Unit.Kind.CELL, parent=None, code=None, valid_from=FOUNDED, valid_to=None):
    n = next(_number)
    return services.add_unit(
        code=code or f"U{n:05d}",
        name=name,
        kind=kind,
        parent=parent,
        valid_from=valid_from,
        valid_to=valid_to,
        by=None,
        at=AT,
    )


def succession(kind, predecessor, successor=None, *, on=FOUNDED, at=AT, renamed=("", "")):
    return keep_succession(kind, predecessor, successor, on=on, at=at, renamed=renamed)


def person(unit=None, role=None, full_name="Người mẫu", password=PASSWORD):
    """A person, acting in the given post when there is one; the default password is the argument's default."""
    n = next(_number)
    made = services.add_person(username=f"nguoi{n}", full_name=f"{full_name} {n}", password=password, by=None, at=AT)
    if role is None:
        return made
    post = services.give_post(made, unit=unit, role=role, starts_at=AT, by=None, at=AT)
    return made.acting_as(post)


def people(seats, password=PASSWORD):
    """Return {role: person acting in it} for {role: (unit, full name)}: two writes, as most tests begin with them."""
    made = []
    for _, full_name in seats.values():
        n = next(_number)
        name = f"{full_name} {n}"
        one = Person(username=f"nguoi{n}", full_name=name, folded_name=fold(name), sort_key=person_sort_key(name))
        one.password = make_password(password)
        made.append(one)
    Person.objects.bulk_create(made)
    posts = [
        Post(person=one, unit=unit, role=role.removeprefix("other_"), starts_at=AT)
        for one, (role, (unit, _)) in zip(made, seats.items(), strict=True)
    ]
    Post.objects.bulk_create(posts)
    return {role: one.acting_as(post) for role, one, post in zip(seats, made, posts, strict=True)}


@made_once(Unit, Placement, AppraisalLink, Person, Post, Event)
def district():
    """A district with a board, two grassroots committees, a cell in each, and one person for each role."""
    top = unit("Huyện ủy Mẫu", Unit.Kind.DISTRICT_COMMITTEE)
    board = unit("Ban Tuyên giáo Huyện ủy Mẫu", Unit.Kind.ADVISORY_BODY, top)
    services.let_appraise(board, top, valid_from=FOUNDED, by=None, at=AT)
    commune = unit("Đảng ủy xã An", Unit.Kind.GRASSROOTS_COMMITTEE, top)
    other_commune = unit("Đảng ủy xã Bình", Unit.Kind.GRASSROOTS_COMMITTEE, top)
    cell = unit("Chi bộ ấp 1", Unit.Kind.CELL, commune)
    other_cell = unit("Chi bộ ấp 2", Unit.Kind.CELL, other_commune)
    return SimpleNamespace(
        top=top,
        board=board,
        commune=commune,
        other_commune=other_commune,
        cell=cell,
        other_cell=other_cell,
        **people(
            {
                "secretary": (cell, "Bí thư"),
                "other_secretary": (other_cell, "Bí thư"),
                "clerk": (cell, "Nhập liệu"),
                "committee": (commune, "Cấp ủy"),
                "appraiser": (board, "Chuyên viên"),
                "head": (board, "Trưởng ban"),
                "leader": (top, "Lãnh đạo"),
                "administrator": (top, "Quản trị"),
            }
        ),
    )
