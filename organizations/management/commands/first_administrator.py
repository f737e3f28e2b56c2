"""Makes the first administrator of an installation, who then makes everybody else."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organizations.services import first_administrator
from organizations.services.people import AlreadyKnown


class Command(BaseCommand):
    help = (
        "Make the first administrator, above every unit, and print a one-time code for /account/code/. "
        "Run again for the same user name, it prints a new code."
    )

    def add_arguments(self, parser):
        parser.add_argument("--username", required=True, help="what the administrator signs in by")
        parser.add_argument("--full-name", required=True)
        parser.add_argument("--phone", default="", help="may be used to sign in as well")

    def handle(self, *, username, full_name, phone, **options):
        try:
            code = first_administrator(username=username, full_name=full_name, phone=phone, at=timezone.now())
        except AlreadyKnown as known:
            raise CommandError(known.sentence) from known
        self.stdout.write(f"Mã dùng một lần (72 giờ): {code}\nMở /account/code/ để đặt mật khẩu.")
