from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection, transaction
from django.utils.translation import gettext as _

from portal.grants import apply_grants, grants_for


class Command(BaseCommand):
    help = (
        "In các lệnh SQL giao cho vai trò của cổng trên PostgreSQL đúng những quyền nó cần: nhật ký chỉ đọc và thêm. "
        "Chạy lại sau mỗi lần migrate."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("role", nargs="?", default=settings.APPLICATION_ROLE, help="vai trò trong DATABASE_URL")
        parser.add_argument("--apply", action="store_true", help="chạy luôn, bằng vai trò trong MIGRATION_DATABASE_URL")

    def handle(self, *args, role, apply, **options):
        if not role:
            raise CommandError(_("Hãy nêu tên vai trò mà cổng dùng để nối vào PostgreSQL."))
        if not apply:
            self.stdout.write(";\n".join(grants_for(role)) + ";")
            return
        if connection.vendor != "postgresql":
            raise CommandError(_("Chỉ PostgreSQL có vai trò; SQLite giữ nhật ký bằng các trigger."))
        if connection.settings_dict["USER"] == role:
            raise CommandError(_("MIGRATION_DATABASE_URL phải là chủ của các bảng, khác với vai trò của cổng."))
        try:
            with transaction.atomic():
                kept = apply_grants(connection, role)
        except Error as refused:
            raise CommandError(_("PostgreSQL không nhận: %s") % str(refused).strip()) from refused
        self.stdout.write(_("Vai trò %(role)s: %(kept)s bảng chỉ đọc và thêm.") % {"role": role, "kept": kept})
