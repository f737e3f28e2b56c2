"""The only writers of people, their passwords and the posts they hold."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.services import choose_notices, record
from organizations.models import FormerName, Person, Post, Unit
from organizations.permissions import Action, may, may_manage
from organizations.phones import normal_phone
from organizations.services.passwords import make_reset_code
from organizations.services.units import midnight, require_reach
from vietnamese.folding import fold, nfc
from vietnamese.sorting import person_sort_key


class AlreadyKnown(ValidationError):
    """The user name or telephone number belongs to somebody else; said at the field."""

    def __init__(self, field: str, sentence: str):
        super().__init__({field: sentence})
        self.sentence = sentence


@transaction.atomic
def first_administrator(*, username: str, full_name: str, at: datetime, phone: str = "") -> str:
    """Make an administrator above every unit and return a one-time code; a new code if it is the same one again.

    Raises AlreadyKnown where somebody else has the name, or another administrator above every unit exists.
    """
    above_all = Post.objects.current(at).filter(unit=None, role=Post.Role.ADMINISTRATOR)
    known = Person.objects.known_as(username)
    if known is not None and not above_all.filter(person=known).exists():
        raise AlreadyKnown("username", _("Tên đăng nhập %(name)s đã có người dùng.") % {"name": username})
    if known is None and above_all.exists():
        raise AlreadyKnown("username", _("Đã có quản trị viên chung; hãy dùng trang quản trị để thêm người."))
    if known is None:
        known = add_person(username=username, full_name=full_name, phone=phone, by=None, at=at)
        give_post(known, unit=None, role=Post.Role.ADMINISTRATOR, starts_at=at, by=None, at=at)
    return make_reset_code(known, by=None, at=at)


@transaction.atomic
def add_person(*, username: str, full_name: str, by, at: datetime, phone=None, email="", password=None) -> Person:
    """Add someone who may sign in; without a password only by a reset code. Raises AlreadyKnown."""
    if by is not None and not may(by, Action.MANAGE_PEOPLE):
        raise PermissionDenied
    person = Person()
    _name(person, username=username, full_name=full_name, phone=phone, email=email)
    person.set_password(password)
    _save_named(person)
    record("person.added", subject="person", subject_id=person.pk, by=by, at=at)
    return person


@transaction.atomic
def edit_person(person: Person, *, username: str, full_name: str, phone: str, email: str, by, at: datetime) -> Person:
    """Correct who a person is; the journal says which fields changed, not what they held. Raises AlreadyKnown."""
    locked = _managed(person, by, at)
    before = _named(locked)
    _name(locked, username=username, full_name=full_name, phone=phone, email=email)
    changed = [field for field, value in _named(locked).items() if value != before[field]]
    if "full_name" in changed:
        FormerName.objects.create(person=locked, full_name=before["full_name"], until=at)
    if changed:
        _save_named(locked)
        record("person.edited", subject="person", subject_id=person.pk, by=by, at=at, detail={"changed": changed})
    return locked


@transaction.atomic
def choose_mail(
    person: Person,
    *,
    email: str,
    wants_mail: bool,
    mail_language: str,
    notices: Mapping[str, tuple[bool, bool]],
    at: datetime,
) -> None:
    """Keep how a person wants the daily mail, and of what to be told where; the journal says what changed, not to what.

    `notices` as in journal's `choose_notices`.
    """
    choose_notices(person, notices, at=at)
    chosen = {"email": email, "wants_mail": wants_mail, "mail_language": mail_language}
    changed = [name for name, value in chosen.items() if getattr(person, name) != value]
    if changed:
        Person.objects.filter(pk=person.pk).update(**chosen)
        record(
            "person.mail_chosen", subject="person", subject_id=person.pk, by=person, at=at, detail={"changed": changed}
        )


@transaction.atomic
def shut_out(person: Person, *, by, at: datetime) -> Person:
    """Let a person sign in no longer; every session of theirs is over at once. Posts stay as they are."""
    locked = _managed(person, by, at)
    locked.sessions.all().delete()
    if locked.is_active:
        locked.is_active, locked.shut_out_at = False, at
        locked.save(update_fields=["is_active", "shut_out_at"])
        record("person.shut_out", subject="person", subject_id=person.pk, by=by, at=at)
    return locked


@transaction.atomic
def let_in(person: Person, *, by, at: datetime) -> Person:
    """Let a person sign in again."""
    locked = _managed(person, by, at)
    if not locked.is_active:
        locked.is_active, locked.shut_out_at = True, None
        locked.save(update_fields=["is_active", "shut_out_at"])
        record("person.let_in", subject="person", subject_id=person.pk, by=by, at=at)
    return locked


@transaction.atomic
def give_post(
    person: Person, *, unit: Unit | None, role: str, starts_at: datetime, by, at: datetime, title="", ends_at=None
) -> Post:
    """Give a person a role at a unit from `starts_at` until `ends_at` (exclusive), and tell the person.

    Raises PermissionDenied outside the giver's reach, or ValidationError where the unit ends before, or the person
    holds the same role there already.
    """
    if by is not None and not may(by, Action.MANAGE_PEOPLE):
        raise PermissionDenied
    require_reach(by, unit)
    Person.objects.select_for_update().get(pk=person.pk)  # the same role given twice at once is given once
    ended_on = Unit.objects.values_list("valid_to", flat=True).get(pk=unit.pk) if unit else None
    if ended_on is not None and starts_at >= midnight(ended_on):
        raise ValidationError({"unit": _("%(unit)s đã kết thúc hoạt động.") % {"unit": unit}})
    if person.posts.filter(unit=unit, role=role).lasting(starts_at).exists():
        raise ValidationError({"role": _("Người này đang giữ vai trò đó ở đơn vị này rồi.")})
    post = Post.objects.create(
        person=person, unit=unit, role=role, title=nfc(title), starts_at=starts_at, ends_at=ends_at
    )
    record(
        "post.given",
        subject="person",
        subject_id=person.pk,
        unit_id=unit.pk if unit else None,
        by=by,
        at=at,
        detail=said_of(post),
        tell=[person] if by else (),
        text=lambda: _("Bạn được giao vai trò %(role)s – %(unit)s.") % {"role": post, "unit": unit or _("toàn cổng")},
        link=reverse("home"),
    )
    return post


@transaction.atomic
def end_post(post: Post, *, ends_at: datetime, by, at: datetime) -> Post | None:
    """End a post: from `ends_at` on, to the second, it opens nothing. One that had not begun is taken back (None).

    Raises PermissionDenied outside reach and for the post one acts in, so that nobody locks the last door from inside.
    """
    require_reach(by, post.unit)
    if by is not None and by.post.pk == post.pk:
        raise PermissionDenied
    locked = Post.objects.select_for_update(of=("self",)).select_related("unit").get(pk=post.pk)
    if locked.ends_at is not None and locked.ends_at <= ends_at:
        raise ValidationError(_("Vai trò này đã kết thúc."))
    return close_post(locked, ends_at=ends_at, by=by, at=at)


def close_post(post: Post, *, ends_at: datetime, by, at: datetime, **told) -> Post | None:
    """End a locked post, all that was delegated from it, and with the last own post at a unit what was delegated to its
    holder there; the callers ask who may. `told` goes to the journal."""
    for delegated in post.delegations.lasting(ends_at).select_related("unit"):
        close_post(delegated, ends_at=ends_at, by=by, at=at)
    if post.delegated_from_id is None and post.unit_id:
        _end_standing_in(post, ends_at=ends_at, by=by, at=at)
    verb = "post.delegation_ended" if post.delegated_from_id else "post.ended"
    detail = said_of(post) | {"ends_at": ends_at.isoformat()}
    about = {"subject": "person", "subject_id": post.person_id, "unit_id": post.unit_id}
    record(verb, **about, by=by, at=at, detail=detail, **told)
    if post.starts_at >= ends_at:
        post.delete()
        return None
    post.ends_at = ends_at
    post.save(update_fields=["ends_at"])
    return post


def _end_standing_in(post: Post, *, ends_at: datetime, by, at: datetime) -> None:
    """End what was delegated to somebody who has no other post of their own at the unit; both are told. Two queries."""
    there = Post.objects.filter(person=post.person_id, unit=post.unit_id).lasting(ends_at).exclude(pk=post.pk)
    if there.filter(delegated_from=None).exists():
        return
    found = there.select_for_update(of=("self",)).select_related("unit", "person", "delegated_from__person")
    for delegated in found.order_by("pk"):
        secretary = delegated.delegated_from.person
        names = {"secretary": secretary.full_name, "deputy": delegated.person.full_name, "unit": delegated.unit.name}
        close_post(
            delegated, ends_at=ends_at, by=by, at=at, tell=[secretary, delegated.person],
            text=lambda names=names: _(
                "%(deputy)s thôi vai trò ở %(unit)s, nên ủy quyền của %(secretary)s cho người này cũng kết thúc."
            ) % names,
            link=reverse("organizations:delegations"),
        )  # fmt: skip


def said_of(post: Post) -> dict:
    """Return what the journal keeps of a post: the unit by the name it bears now, which a renaming leaves alone."""
    return {"role": post.role, "post": post.pk, "unit": post.unit.name if post.unit else ""}


def _managed(person: Person, by, at: datetime) -> Person:
    if by is not None and not may_manage(by, person, at):
        raise PermissionDenied
    return Person.objects.select_for_update().get(pk=person.pk)


def _save_named(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as taken:
        raise AlreadyKnown("username", _("Tên đăng nhập hoặc số điện thoại vừa có người khác dùng.")) from taken


def _named(person: Person) -> dict:
    return {field: getattr(person, field) for field in ("username", "full_name", "phone", "email")}


def _name(person: Person, *, username: str, full_name: str, phone: str | None, email: str) -> None:
    username, phone = nfc(username).strip().lower(), normal_phone(phone or "") or None
    others = Person.objects.exclude(pk=person.pk)
    if others.filter(username=username).exists():
        raise AlreadyKnown("username", _("Tên đăng nhập %(name)s đã có người dùng.") % {"name": username})
    if phone and others.filter(phone=phone).exists():
        raise AlreadyKnown("phone", _("Số điện thoại %(phone)s đã có người dùng.") % {"phone": phone})
    person.username, person.phone, person.email = username, phone, email.strip()
    person.full_name = " ".join(nfc(full_name).split())
    person.folded_name, person.sort_key = fold(person.full_name), person_sort_key(person.full_name)
