from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.management.progress_bar import ProgressBar
from portal.backups.making import make_backup
from portal.backups.refusals import BackupRefused
from portal.backups.words import size_text
from vietnamese.display import number_text


class Command(BaseCommand):
    help = "Sao lưu cơ sở dữ liệu và các tệp vào một thư mục mới; cổng vẫn chạy bình thường trong lúc ấy."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, help=f"thư mục chứa các bản sao lưu; mặc định {settings.BACKUP_DIR}")

    def handle(self, *args, to, **options):
        try:
            made = make_backup(at=timezone.now(), to=to, progress=ProgressBar(self.stderr, _("Chép tệp")))
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        said = {
            "rows": number_text(made.rows),
            "files": number_text(made.files),
            "size": size_text(made.size),
            "added": size_text(made.added),
            "seconds": number_text(round((made.ended_at - made.begun_at).total_seconds(), 1)),
        }
        self.stdout.write(made.folder)
        self.stdout.write(
            _("%(rows)s dòng, %(files)s tệp, %(size)s (mới thêm %(added)s), trong %(seconds)s giây.") % said
        )
        if made.remark:
            self.stderr.write(made.remark)
