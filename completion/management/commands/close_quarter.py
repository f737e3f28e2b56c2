"""Seal a quarter of every tree, as the scheduled job does at G; or compute its provisional figures."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from completion import services
from completion.quarters import Quarter
from completion.roots import roots_on
from journal import clock
from journal.management.progress_bar import ProgressBar
from vietnamese.display import instant_text


class Command(BaseCommand):
    help = "Seal a quarter (2026-Q1) of every tree; with --provisional compute revision 0 instead."

    def add_arguments(self, parser):
        parser.add_argument("quarter", help="2026-Q1")
        parser.add_argument("--as-of", help="the instant facts are taken up to, ISO with offset; by default G")
        parser.add_argument("--provisional", action="store_true", help="compute revision 0, before or after G")

    def handle(self, *args, **options):
        quarter, as_of = quarter_of(options["quarter"]), instant_of(options["as_of"])
        roots = roots_on(quarter.end_day)
        if not roots:
            raise CommandError(_("Không có tổ chức nào hoạt động vào cuối %(quarter)s.") % {"quarter": quarter})
        if not options["provisional"]:
            refuse_by_wrong_clock()
        work = services.compute_provisional if options["provisional"] else services.seal_quarter
        for root in roots:
            bar = ProgressBar(self.stderr, f"{root.code} {quarter}")
            try:
                revision = work(root, quarter, at=timezone.now(), as_of=as_of, progress=bar)
            except services.TooEarly as early:
                raise CommandError(
                    _("Chưa đến thời điểm chốt %(quarter)s (%(at)s). Dùng --provisional để xem số liệu tạm tính.")
                    % {"quarter": quarter, "at": instant_text(early.period.closes_at)}
                ) from early
            self.stdout.write(
                f"{root.code} {quarter} revision {revision.number} "
                f"({'sealed' if revision.sealed else 'provisional'}): "
                f"{revision.row_count} rows, sha256 {revision.input_hash}"
            )


def refuse_by_wrong_clock() -> None:
    try:
        clock.refuse_wrong_clock()
    except clock.WrongClock as wrong:
        raise CommandError(wrong.said) from wrong


def quarter_of(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError:
        raise CommandError(_("Quý phải viết như 2026-Q1, không phải “%(text)s”.") % {"text": text}) from None


def instant_of(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise CommandError(
            _("Thời điểm phải viết theo ISO, kèm múi giờ: 2026-04-11T00:00:00+07:00, không phải “%(text)s”.")
            % {"text": text}
        )
    return at
