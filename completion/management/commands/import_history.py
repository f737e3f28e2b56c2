"""Load an archive of CSV files: units, items and what happened to them."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from completion.history import load_archive
from completion.history.rows import ArchiveRefused
from journal.management.progress_bar import ProgressBar


class Command(BaseCommand):
    help = "Load units, items, events and successions of a folder (CSV); all or nothing, and twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *args, **options):
        try:
            counts = load_archive(
                options["folder"], at=timezone.now(), progress=ProgressBar(self.stderr, str(options["folder"]))
            )
        except ArchiveRefused as refused:
            raise CommandError("\n".join(["không nạp gì cả / nothing was loaded", *refused.problems])) from None
        for file, count in counts.items():
            self.stdout.write(f"{file}: {count} new rows")
