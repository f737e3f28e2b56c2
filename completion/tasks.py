"""What happens to the figures by itself: opened, kept fresh, proved at night, sealed at G. Each task may run twice."""

import zipfile

from celery import shared_task
from celery.schedules import crontab
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from completion import folding, proving, publishing, revising, services
from completion.closing import closings_url
from completion.history import load_archive
from completion.history.rows import SHOWN, SUCCESSIONS, ArchiveRefused
from completion.history.zipped import BROKEN, folder_in
from completion.models import Period, SourceDocument
from completion.quarters import Quarter
from completion.queries.corrections import may_seal
from completion.roots import is_root_on, roots_on
from journal import clock
from journal.jobs import JobRefused, job_task
from models_registry.services import releasing
from organizations.models import Person
from organizations.permissions import Action, above_every_tree, may, reaches
from organizations.queries import owner_acting
from vietnamese.display import instant_text, number_text

SCHEDULE = {
    "completion.release_files": {"task": "completion.tasks.release_files", "schedule": 60},
    "completion.fold": {"task": "completion.tasks.fold_changes", "schedule": 5},
    "completion.open": {"task": "completion.tasks.open_quarters", "schedule": 60},
    "completion.close": {"task": "completion.tasks.close_due_quarters", "schedule": 30},
    "completion.prove": {"task": "completion.tasks.prove_figures", "schedule": crontab(hour=2, minute=30)},
}


@shared_task
def fold_changes() -> int:
    return folding.fold_changes(at=timezone.now())


@shared_task
def release_files() -> int:
    return releasing.release_files(SourceDocument, publishing.place_of_document, at=timezone.now())


@shared_task
def open_quarters() -> int:
    """Send one computation for each tree and open quarter that has no provisional figures yet."""
    sent = 0
    now = timezone.now()
    for quarter in open_at(now):
        for root in roots_on(quarter.end_day):
            period = services.period_of(root, quarter)
            if period.closes_at > now and not period.revisions.exists():
                compute_period.delay(period.pk)
                sent += 1
    return sent


@shared_task
def compute_period(period_id: int) -> None:
    """Compute the provisional figures of one tree and quarter, unless they stand already or are sealed."""
    period = Period.objects.select_related("root").get(pk=period_id)
    if not period.revisions.exists() and _heads_its_tree(period):
        services.compute_provisional(period.root, period.as_quarter, at=timezone.now())


@shared_task
def close_due_quarters() -> int:
    """Send one closing for each tree and quarter whose closing instant has come and that is not sealed."""
    due = list(Period.objects.to_close(clock.instant()).values_list("pk", flat=True))
    if due and not clock.is_right():
        return 0
    for pk in due:
        close_period.delay(pk)
    return len(due)


@shared_task
def close_period(period_id: int) -> None:
    """Seal one tree and quarter; a second run, at once or later, finds the seal."""
    period = Period.objects.select_related("root").filter(pk=period_id).first()
    if period is not None and clock.is_right() and _heads_its_tree(period):
        services.seal_quarter(period.root, period.as_quarter, at=clock.instant())


def _heads_its_tree(period: Period) -> bool:
    """Whether the unit a period is named by headed a tree to its end; the period of one that ended before goes."""
    if is_root_on(period.root, period.as_quarter.end_day):
        return True
    services.give_up_period(period, at=timezone.now())
    return False


@job_task
def close_period_shown(run) -> dict:
    """Seal one tree and quarter for somebody who watches: the same as the scheduled closing, with its progress."""
    with override(run.arguments["language"]):
        at = clock.instant()
        period, by = _asked(run)
        _refuse_wrong_clock()
        try:
            revision = services.seal_quarter(period.root, period.as_quarter, at=at, by=by, progress=run.advance)
        except services.TooEarly as early:
            moved = _("Giờ chốt đã dời đến %(at)s nên chưa chốt gì.")
            raise JobRefused(moved % {"at": instant_text(early.period.closes_at)}) from early
        said = _("Đã chốt: %(rows)s dòng, mã băm %(hash)s.")
        if revision.computed_at != at:
            said = _("Quý này đã chốt từ lúc %(at)s nên không chốt lại: %(rows)s dòng, mã băm %(hash)s.")
        run.message = said % {
            "at": instant_text(revision.computed_at),
            "rows": number_text(revision.row_count),
            "hash": revision.input_hash,
        }
        return _closings(period.year) | {
            "revision": revision.number,
            "rows": revision.row_count,
            "hash": revision.input_hash,
        }


@job_task
def recompute_shown(run) -> dict:
    """Compute the provisional figures of one tree and quarter anew for somebody who watches."""
    with override(run.arguments["language"]):
        period, _by = _asked(run)
        differed = 0
        if not period.revisions.filter(sealed=True).exists():
            differed = proving.recompute(period, at=timezone.now(), progress=run.advance)
        run.message = _("Đã tính lại; số liệu cũ không sai dòng nào.")
        if differed:
            run.message = ngettext(
                "Đã tính lại; %(count)s ô số liệu trước đó bị sai và đã được thay.",
                "Đã tính lại; %(count)s ô số liệu trước đó bị sai và đã được thay.",
                differed,
            ) % {"count": number_text(differed)}
        return _closings(period.year) | {"differed": differed}


@job_task
def seal_corrections_shown(run) -> dict:
    """Seal the next revision of one tree and quarter, of the approved corrections, for somebody who watches."""
    with override(run.arguments["language"]):
        period = Period.objects.select_related("root").get(pk=run.arguments["period"])
        at = timezone.now()
        by = owner_acting(run.job, at=at)
        if not may_seal(by, period.root):
            raise JobRefused(_("Vai trò của người bắt đầu việc này đã kết thúc nên không làm."))
        try:
            revision = revising.seal_corrections(period, at=at, by=by, progress=run.advance)
        except revising.NothingToSeal as none:
            raise JobRefused(_("Không còn đính chính nào đã duyệt mà chưa chốt, nên không chốt gì.")) from none
        run.message = _("Đã chốt bản %(number)s, mã băm %(hash)s.") % {
            "number": revision.number,
            "hash": revision.input_hash,
        }
        return {
            "url": reverse("completion:difference", args=[revision.pk]),
            "url_label": _("Xem điểm khác với bản trước"),
            "revision": revision.number,
            "hash": revision.input_hash,
        }


def _refuse_wrong_clock() -> None:
    """A seal stands for ever: no clock that differs from the database's closes a quarter."""
    try:
        clock.refuse_wrong_clock()
    except clock.WrongClock as wrong:
        raise JobRefused(wrong.said) from wrong


def _asked(run) -> tuple[Period, Person]:
    """Return the period and who asked, acting in the post they asked from; refused when that post has ended."""
    period = Period.objects.select_related("root").get(pk=run.arguments["period"])
    by = owner_acting(run.job, at=timezone.now())
    if not may(by, Action.CLOSE_QUARTERS) or not reaches(by, period.root):
        raise JobRefused(_("Vai trò của người bắt đầu việc này đã kết thúc nên không làm."))
    return period, by


def _closings(year: int | None = None) -> dict:
    return {"url": closings_url(year), "url_label": _("Về trang chốt quý")}


@job_task
def load_archive_shown(run) -> dict:
    """Load an archive handed in as a ZIP for somebody who watches: all of it, or nothing and why."""
    with override(run.arguments["language"]):
        by = owner_acting(run.job, at=timezone.now())
        if not may(by, Action.LOAD_HISTORY) or not above_every_tree(by):
            raise JobRefused(_("Vai trò của người bắt đầu việc này đã kết thúc nên không làm."))
        # Where the job's page leads unless all goes well.
        run.result |= {"url": reverse("completion:history"), "url_label": _("Chọn tệp đã sửa")}
        try:
            with run.upload() as file, zipfile.ZipFile(file) as archive:
                counts = load_archive(folder_in(archive), at=timezone.now(), by=by, progress=run.advance)
        except ArchiveRefused as refused:
            raise JobRefused("\n".join(_refusal(refused.problems))) from refused
        except (*BROKEN, IntegrityError) as broken:
            raise JobRefused(
                _("Tệp bị hỏng, hoặc dữ liệu vừa thay đổi trong lúc nạp, nên chưa ghi gì. Hãy tải lại tệp.")
            ) from broken
        run.message = _("Mọi dòng đã có sẵn; không thêm gì.")
        if any(counts.values()):
            numbers = {name.removesuffix(".csv"): number_text(count) for name, count in counts.items()}
            run.message = _("Đã nạp: %(units)s đơn vị, %(items)s việc, %(events)s sự kiện mới.") % numbers
            if counts.get(SUCCESSIONS):
                run.message += " " + _("Sắp xếp tổ chức: %(successions)s dòng mới.") % numbers
        return _closings() | {"counts": counts}


def _refusal(problems: list[str]) -> list[str]:
    lines = [_("Không nạp gì cả. Hãy sửa các dòng sau rồi tải lại:"), *problems]
    if len(problems) >= SHOWN:
        lines.append(_("Chỉ hiện %(count)s lỗi đầu tiên.") % {"count": number_text(SHOWN)})
    return lines


@shared_task
def prove_figures() -> int:
    """Send one proof for each tree and quarter that has provisional figures."""
    provisional = list(Period.objects.unsealed().filter(revisions__number=0).values_list("pk", flat=True))
    for pk in provisional:
        prove_period.delay(pk)
    return len(provisional)


@shared_task
def prove_period(period_id: int) -> int:
    return proving.prove_tonight(Period.objects.get(pk=period_id), at=timezone.now())


def open_at(now) -> list[Quarter]:
    """Return the quarters that have begun and not yet closed, by the usual grace."""
    current = Quarter.of(now)
    return [quarter for quarter in (current.before, current) if now < quarter.closes_at()]
