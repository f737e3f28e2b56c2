"""The roster of a round and the recognitions as workbooks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from typing import BinaryIO

from django.utils.translation import gettext as _

from models_registry.models import MemberObligation, Obligation, Recognition, RegistrationRound
from models_registry.queries.members import NOBODY, Members, counted_of
from models_registry.queries.tree import Branch
from organizations.models import Unit
from vietnamese.workbooks import Page, workbook


def roster_workbook(
    registration_round: RegistrationRound,
    rows: Iterable[Obligation],
    cells: Iterable[MemberObligation],
    branches: Iterable[Branch],
    *,
    with_members: bool,
) -> BinaryIO:
    """Return the roster of a round as an XLSX file, rewound; memory does not grow with the rows.

    The sheets: each unit's obligations; the members of each cell, with their sum, where members owe; the sums up the
    tree. In the last two, and in every line of them, sent + late + missing + exempt = owed.
    """
    heads = [
        _("Mã đơn vị"),
        _("Đơn vị"),
        _("Trực thuộc"),
        _("Loại đơn vị"),
        _("Phải gửi"),
        _("Tình trạng"),
        _("Gửi lần đầu"),
        _("Lý do miễn"),
    ]
    title = registration_round.name
    pages = [Page(_("Hồ sơ"), title, heads, _roster_lines(rows))]
    if with_members:
        own = [_("Mã đơn vị"), _("Đơn vị"), _("Trực thuộc"), *_member_heads(), _("Lý do miễn")]
        pages.append(Page(_("Đảng viên"), title, own, _member_lines(cells)))
    summed = [_("Mã đơn vị"), _("Đơn vị"), *(f"{_('Hồ sơ')}: {head}" for head in _status_heads())]
    if with_members:
        summed += _member_heads()
    pages.append(Page(_("Tổng hợp"), title, summed, _branch_lines(branches, with_members)))
    return workbook(pages)


def _status_heads() -> list[str]:
    return [_("Phải gửi"), *_labels(Obligation.Status).values()]


def _member_heads() -> list[str]:
    heads = [f"{_('Đảng viên')}: {head}" for head in (_("Phải đăng ký"), *_labels(Obligation.Status).values())]
    return [
        *heads,
        _("Cá nhân ngoài số phải đăng ký"),
        _("Chi bộ chưa có số đảng viên"),
        _("Cá nhân của các chi bộ ấy"),
    ]


def _member_lines(cells: Iterable[MemberObligation]) -> Iterator[Sequence]:
    total = NOBODY
    for row in cells:
        counts = counted_of(row)
        total += counts
        reason = row.head_count.exempt_reason if row.head_count else ""
        yield row.unit.code, row.unit.name, row.parent_name, *_uncounted_as_blank(counts), reason
    yield "", _("Cộng"), "", *astuple(total), ""


def _uncounted_as_blank(counts: Members) -> Sequence:
    """Return the counts of one cell; of one without a head-count nothing where a zero would be a claim."""
    values = astuple(counts)
    return (*([None] * 6), *values[6:]) if counts.uncounted else values


def _branch_lines(branches: Iterable[Branch], with_members: bool) -> Iterator[Sequence]:
    for row in branches:
        name = _("%(unit)s (riêng đơn vị này)") % {"unit": row.unit.name} if row.alone else row.unit.name
        yield row.unit.code, name, *row.units.values(), *(astuple(row.members) if with_members else ())


def _roster_lines(rows: Iterable[Obligation]) -> Iterator[Sequence]:
    # Looked up once: a translated label costs as much as all else of a line together.
    kinds, owes, statuses = (_labels(choices) for choices in (Unit.Kind, Obligation.Owes, Obligation.Status))
    for row in rows:
        yield (
            row.unit.code,
            row.unit.name,
            row.parent_name,
            kinds[row.unit.kind],
            owes[row.owes],
            statuses[row.status],
            row.first_sent_at,
            row.exempt_reason,
        )


def _labels(choices) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


def recognition_workbook(rows: Iterable[Recognition], *, title: str) -> BinaryIO:
    """Return recognitions with unit and dossier loaded, as an XLSX file, rewound; days are days."""
    heads = [
        _("Tập thể, cá nhân, mô hình"),
        _("Dành cho"),
        _("Đơn vị"),
        _("Bước"),
        _("Cấp"),
        _("Hình thức"),
        _("Số, ký hiệu quyết định"),
        _("Ngày"),
        _("Nội dung"),
    ]
    return workbook([Page(_("Danh sách"), title, heads, _recognition_lines(rows))])


def _recognition_lines(rows: Iterable[Recognition]) -> Iterator[Sequence]:
    stages, levels = _labels(Recognition.Stage), _labels(Recognition.Level)
    recipients = _labels(Recognition.Recipient)
    for one in rows:
        words = (one.title, recipients[one.recipient], one.unit.name, stages[one.stage], levels.get(one.level, ""))
        yield (*words, one.award, one.document_symbol, one.on, one.note)
