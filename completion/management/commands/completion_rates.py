"""Print the rates of a quarter for machines: one object per unit of the frozen tree, everything below it included."""

import csv
import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from completion.management.commands.close_quarter import quarter_of
from completion.queries import UnknownUnit, exported_rates
from completion.queries.export import PROMISED
from vietnamese.spreadsheets import as_text

PARTS = ("n", "N", "X", "text")


class Command(BaseCommand):
    help = "Print R1-R5 of a quarter (2026-Q1) by unit, as JSON or CSV."

    def add_arguments(self, parser):
        parser.add_argument("quarter", help="2026-Q1")
        parser.add_argument("--unit", help="code of one unit; without it every unit")
        parser.add_argument("--subtree", action="store_true", help="with --unit: everything below it as well")
        parser.add_argument("--kind", choices=["COL", "IND", "ISS", "ALL"], default="ALL")
        parser.add_argument("--revision", type=int, help="by default the newest sealed one, else 0")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def handle(self, *args, **options):
        quarter = quarter_of(options["quarter"])
        try:
            rows = exported_rates(
                quarter,
                unit=options["unit"],
                subtree=options["subtree"],
                kind=options["kind"],
                revision=options["revision"],
                at=timezone.now(),
            )
        except UnknownUnit:
            raise CommandError(
                _("Không có đơn vị “%(code)s” trong cây tổ chức của %(quarter)s.")
                % {"code": options["unit"], "quarter": quarter}
            ) from None
        if not rows:
            raise CommandError(_("Không có số liệu như vậy của %(quarter)s.") % {"quarter": quarter})
        write = self._write_json if options["format"] == "json" else self._write_csv
        write(rows)

    def _write_json(self, rows: list[dict]) -> None:
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        self.stdout.write(f"[\n{lines}\n]")

    def _write_csv(self, rows: list[dict]) -> None:
        head = ["unit", "kind", "revision", "sealed", "as_of", "rule_version"]
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow([*head, *(f"{rate}_{part}" for rate in PROMISED for part in PARTS)])
        for row in rows:
            parts = [row[rate][part] for rate in PROMISED for part in PARTS]
            # As in JSON, so that both are read alike by whatever language.
            told = row | {"sealed": json.dumps(row["sealed"])}
            writer.writerow([*(as_text(told[name]) for name in head), *(as_text(part) for part in parts)])
