import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.backups.refusals import BackupRefused
from portal.backups.restoring import restore
from portal.backups.words import difference_text
from vietnamese.display import number_text


class Command(BaseCommand):
    help = "Khôi phục cơ sở dữ liệu và các tệp từ một bản sao lưu vào nơi còn trống, rồi đối chiếu với những gì đã ghi."
    # Where the database is not there yet, or is of another release, it cannot be asked about anything.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("place", type=Path, metavar="THƯ_MỤC", help="thư mục của một bản sao lưu")
        parser.add_argument("--overwrite", action="store_true", help="xóa những gì đang có")

    def handle(self, *args, place, overwrite, **options):
        began = time.monotonic()
        try:
            wrong = restore(place, at=timezone.now(), overwrite=overwrite, say=self.stdout.write)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        except Error as failed:
            raise CommandError(_("Cơ sở dữ liệu không nhận: %s") % str(failed).strip()) from failed
        if wrong:
            said = "\n".join(difference_text(one) for one in wrong)
            raise CommandError(_("Đã khôi phục, nhưng khác với những gì bản sao lưu đã ghi:") + f"\n{said}")
        seconds = number_text(round(time.monotonic() - began, 1))
        self.stdout.write(
            _("Khôi phục xong trong %(seconds)s giây: số dòng, số liệu chốt và chuỗi nhật ký đều khớp.")
            % {"seconds": seconds}
        )
