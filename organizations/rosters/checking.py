"""Checks every row of a roster against the file itself, the rules and what stands already. Writes nothing."""

import datetime as dt
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from organizations.models import Person, Post, Unit
from organizations.paths import STEP
from organizations.permissions import reaches
from organizations.phones import normal_phone
from organizations.rosters.columns import kinds, roles
from organizations.rosters.head_counts import check_head_counts
from organizations.rosters.reading import Contents
from organizations.rosters.values import day_of, in_chunks, stands
from organizations.workbooks import Problem, Row
from vietnamese.display import day_text
from vietnamese.folding import bare

USERNAME = re.compile(r"[a-z0-9._-]{3,60}")


@dataclass
class Plan:
    """What loading would do: rows to add, in an order in which parents come first, and how many stand already."""

    units: list[dict] = field(default_factory=list)
    people: list[dict] = field(default_factory=list)
    posts: list[dict] = field(default_factory=list)
    head_counts: list[dict] = field(default_factory=list)
    known: int = 0
    problems: list[Problem] = field(default_factory=list)
    known_units: dict[str, Unit] = field(default_factory=dict)
    known_people: dict[str, Person] = field(default_factory=dict)


def check(contents: Contents, *, by: Person, today: dt.date, advance=lambda done: None) -> Plan:
    """Return the plan of a roster for an administrator acting in a post; some ten queries for ten thousand rows."""
    plan = Plan(problems=list(contents.problems))
    plan.known_units = _units_known(contents)
    plan.known_people = _people_known(contents)
    phones = _phones_known(contents)
    units = _check_units(contents.units, plan, by)
    advance(len(contents.units))
    people = _check_people(contents.people, plan, phones, by)
    advance(len(contents.units) + len(contents.people))
    _check_posts(contents.posts, plan, units, people, by)
    check_head_counts(contents.head_counts, plan, units, by, today)
    advance(contents.total)
    return plan


def _units_known(contents: Contents) -> dict[str, Unit]:
    codes = {row.cells[key] for row in contents.units for key in ("code", "parent", "body")}
    codes |= {row.cells["unit"] for row in (*contents.posts, *contents.head_counts)}
    return {unit.code: unit for unit in in_chunks(Unit.objects.order_by(), "code", codes - {""})}


def _people_known(contents: Contents) -> dict[str, Person]:
    names = {row.cells["username"].lower() for row in (*contents.people, *contents.posts)}
    return {person.username: person for person in in_chunks(Person.objects.order_by(), "username", names)}


def _phones_known(contents: Contents) -> dict[str, Person]:
    phones = {normal_phone(row.cells["phone"]) for row in contents.people} - {""}
    return {person.phone: person for person in in_chunks(Person.objects.order_by(), "phone", phones)}


def _choice(row: Row, key: str, choices: dict, problems: list[Problem]):
    typed = row.cells[key]
    if not typed:
        return None
    found = typed if typed in choices.values() else choices.get(typed) or _folded(choices).get(bare(typed))
    if found is None:
        problems.append(row.problem(key, _("“%(typed)s” không có trong danh sách.") % {"typed": typed[:60]}))
    return found


def _folded(choices: dict[str, str]) -> dict[str, str]:
    return {bare(name): code for name, code in choices.items()}


def _check_units(rows: list[Row], plan: Plan, by: Person) -> dict[str, dict]:
    """Return {code: row to add} and put them into the plan, parents first."""
    new: dict[str, dict] = {}
    for row in rows:
        code = row.cells["code"]
        values = {
            "row": row,
            "code": code,
            "name": row.cells["name"],
            "kind": _choice(row, "kind", kinds(), plan.problems),
            "parent": row.cells["parent"],
            "valid_from": day_of(row, "valid_from", plan.problems),
            "body": row.cells["body"],
        }
        if not code:
            continue
        if len(code) > 40 or re.search(r"[\s·]", code):
            plan.problems.append(row.problem("code", _("Mã viết liền, không quá 40 ký tự.")))
        elif code in new:
            plan.problems.append(
                row.problem("code", _("Mã này đã có ở dòng %(row)d.") % {"row": new[code]["row"].number})
            )
        elif code in plan.known_units:
            _check_same(row, plan.known_units[code], values, plan, by)
        else:
            if len(row.cells["name"]) > 300:
                plan.problems.append(row.problem("name", _("Tên không quá 300 ký tự.")))
            new[code] = values
    for values in new.values():
        _check_place(values, new, plan, by)
    plan.units = _parents_first(new, plan)
    return new


def _check_same(row: Row, known: Unit, values: dict, plan: Plan, by: Person) -> None:
    """A unit that stands already is left as it is, when the row says nothing else of it."""
    if not reaches(by, known):
        plan.problems.append(row.problem("code", _("Mã này đã có đơn vị ngoài phạm vi của bạn dùng.")))
        return
    for key in ("name", "kind", "valid_from"):
        if values[key] and values[key] != getattr(known, key):
            plan.problems.append(
                row.problem(key, _("Đã có đơn vị mang mã này nhưng khác ở ô này. Hãy sửa trên trang của đơn vị."))
            )
            return
    plan.known += 1


def _check_place(values: dict, new: dict, plan: Plan, by: Person) -> None:
    row, day = values["row"], values["valid_from"]
    for key, code in (("parent", values["parent"]), ("body", values["body"])):
        if not code:
            continue
        known = plan.known_units.get(code)
        if code not in new and (known is None or not reaches(by, known)):
            plan.problems.append(row.problem(key, _("Không có đơn vị mã “%(code)s”.") % {"code": code[:40]}))
        elif day is not None and not stands(known or new[code], day):
            plan.problems.append(
                row.problem(key, _("Đơn vị này không hoạt động vào ngày %(day)s.") % {"day": day_text(day)})
            )
    if not values["parent"] and by.post.unit_id is not None:
        plan.problems.append(row.problem("parent", _("Chưa nhập “%(header)s”.") % {"header": "Mã cấp trên"}))


def _parents_first(new: dict[str, dict], plan: Plan) -> list[dict]:
    """Return the new units with every parent before its children; a circle or too deep a tree is a problem."""
    below: dict[str, list[dict]] = {}
    for values in new.values():
        below.setdefault(values["parent"] if values["parent"] in new else "", []).append(values)
    ordered, queue = [], [(values, _depth(plan.known_units.get(values["parent"]))) for values in below.get("", [])]
    deepest = Unit._meta.get_field("path").max_length // STEP
    for values, depth in queue:
        ordered.append(values)
        if depth >= deepest:
            plan.problems.append(values["row"].problem("parent", _("Cây tổ chức quá sâu: không quá 15 cấp.")))
            continue
        queue += [(child, depth + 1) for child in below.get(values["code"], [])]
    placed = {values["code"] for values in ordered}
    if not plan.problems:
        plan.problems += [
            values["row"].problem("parent", _("Đơn vị này và cấp trên của nó trực thuộc lẫn nhau thành vòng."))
            for code, values in new.items()
            if code not in placed
        ]
    return ordered


def _depth(parent: Unit | None) -> int:
    return len(parent.path) // STEP if parent else 0


def _check_people(rows: list[Row], plan: Plan, phones: dict[str, Person], by: Person) -> dict[str, dict]:
    new: dict[str, dict] = {}
    phone_rows: dict[str, int] = {}
    for row in rows:
        username, typed = row.cells["username"].lower(), row.cells["phone"]
        phone = normal_phone(typed)
        known = plan.known_people.get(username)
        values = {
            "row": row,
            "username": username,
            "full_name": row.cells["full_name"],
            "phone": phone or None,
            "email": row.cells["email"],
        }
        found = _person_problem(row, values, new, known)
        if not found and typed and not phone:
            found = row.problem("phone", _("Số điện thoại không đúng. Ví dụ 0912 345 678."))
        if not found and phone and (phone in phone_rows or phones.get(phone, known) != known):
            found = row.problem("phone", _("Số điện thoại này đã có người khác dùng."))
        if found:
            plan.problems.append(found)
        elif known is not None:
            plan.known += 1
        elif username:
            new[username] = values
            phone_rows |= {phone: row.number} if phone else {}
    plan.people = list(new.values())
    return new


def _person_problem(row: Row, values: dict, new: dict, known: Person | None) -> Problem | None:
    username = values["username"]
    if username and not USERNAME.fullmatch(username):
        return row.problem("username", _("Tên đăng nhập gồm chữ không dấu, số, dấu chấm, từ 3 ký tự, viết liền."))
    if username in new:
        return row.problem("username", _("Người này đã có ở dòng %(row)d.") % {"row": new[username]["row"].number})
    if len(values["full_name"]) > 150:
        return row.problem("full_name", _("Họ và tên không quá 150 ký tự."))
    if known is not None and (known.full_name, known.phone) != (values["full_name"], values["phone"]):
        return row.problem("username", _("Tên đăng nhập này đã có người dùng."))
    if values["email"]:
        try:
            validate_email(values["email"])
        except ValidationError:
            return row.problem("email", _("Thư điện tử không đúng."))
    return None


def _check_posts(rows: list[Row], plan: Plan, units: dict, people: dict, by: Person) -> None:
    held = _posts_held(plan, rows)
    seen: dict[tuple, int] = {}
    for row in rows:
        username, code = row.cells["username"].lower(), row.cells["unit"]
        role, day = _choice(row, "role", roles(), plan.problems), day_of(row, "starts_on", plan.problems)
        unit = plan.known_units.get(code)
        if username and username not in people and username not in plan.known_people:
            plan.problems.append(row.problem("username", _("Không có người dùng tên này.")))
        elif code and code not in units and (unit is None or not reaches(by, unit)):
            plan.problems.append(row.problem("unit", _("Không có đơn vị mã “%(code)s”.") % {"code": code[:40]}))
        elif day is not None and code and not stands(unit or units[code], day):
            plan.problems.append(row.problem("unit", _("Đơn vị này không hoạt động vào ngày đó.")))
        elif (username, code, role) in seen:
            number = seen[username, code, role]
            plan.problems.append(row.problem("role", _("Vai trò này đã có ở dòng %(row)d.") % {"row": number}))
        elif (username, code, role) in held:
            plan.known += 1
        else:
            title = row.cells["title"][:150]
            plan.posts.append({"username": username, "unit": code, "role": role, "title": title, "starts_on": day})
        seen[username, code, role] = row.number


def _posts_held(plan: Plan, rows: list[Row]) -> set[tuple]:
    if not rows:
        return set()
    ids = [person.pk for person in plan.known_people.values()]
    posts = in_chunks(Post.objects.filter(ends_at=None).select_related("person", "unit").order_by(), "person", ids)
    return {(post.person.username, post.unit.code if post.unit else "", post.role) for post in posts}
