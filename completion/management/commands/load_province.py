"""Write and load a synthetic province whose 2023 is that of a real report, close its quarters, print its rates."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from completion import services
from completion.province import PUBLISHED, ROOT, SOURCE, YEAR, write_province
from completion.quarters import Quarter
from completion.queries import own_by_unit_kind, published_beside_ours, table_of
from completion.shares import percent_text
from journal.management.progress_bar import ProgressBar
from organizations.models import Unit
from vietnamese.display import number_text


class Command(BaseCommand):
    help = "Load a synthetic province of 10.000 cells and 145.000 works (2023), and close its four quarters."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=Path(settings.VAR_DIR) / "province")

    def handle(self, *args, **options):
        folder = write_province(options["folder"])
        call_command("import_history", str(folder), stdout=self.stdout, stderr=self.stderr)
        root = Unit.objects.get(code=ROOT)
        for number in (1, 2, 3, 4):
            quarter = Quarter(YEAR, number)
            bar = ProgressBar(self.stderr, f"{ROOT} {quarter}")
            revision = services.seal_quarter(root, quarter, at=timezone.now(), progress=bar)
            self.stdout.write(
                f"{ROOT} {quarter} revision {revision.number}: {revision.row_count} rows, {revision.input_hash}"
            )
        services.record_published(root, YEAR, published_rows(), at=timezone.now())
        self._print(root, Quarter(YEAR, 4))

    def _print(self, root: Unit, quarter: Quarter) -> None:
        revision = root.periods.of(quarter).get().revisions.newest_first().first()
        for kind in ("COL", "IND", "ISS"):
            rate = table_of(root, quarter, kind=kind).row.rate("r3")
            self.stdout.write(_line(f"{quarter} R3 {kind}", rate.n, rate.base))
        n, base = own_by_unit_kind(revision)["grassroots_committee", "ISS"]
        self.stdout.write(_line(f"{quarter} R3 ISS, grassroots' own", n, base))
        both = [table_of(root, quarter, kind=kind).row.rate("r3") for kind in ("COL", "IND")]
        n, base = sum(rate.n for rate in both), sum(rate.base for rate in both)
        self.stdout.write(_line(f"{quarter} R3 COL + IND", n, base))
        for row in published_beside_ours(root, YEAR, newest={quarter: revision}):
            printed = row.published.printed_rate or "–"
            mark = " *" if row.differs else ""
            self.stdout.write(_line(row.published.label, row.n, row.base) + f", published {printed}{mark}")


def published_rows() -> list[dict]:
    names = ("label", "kind", "unit_kind", "n", "base", "printed_rate")
    return [
        dict(zip(names, row, strict=True), source=SOURCE, order=order) for order, row in enumerate(PUBLISHED, start=1)
    ]


def _line(label: str, n: int, base: int) -> str:
    return f"{label}: {number_text(n)}/{number_text(base)} = {percent_text(n, base)}"
