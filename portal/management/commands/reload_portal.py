from django.core.management import CommandError
from django.core.management.base import BaseCommand

from portal import processes


class Command(BaseCommand):
    help = "Lets what run_portal started take up new code; nobody is refused meanwhile."

    def handle(self, **options):
        told = processes.begin_anew()
        if not told:
            raise CommandError("Cổng không chạy bằng run_portal ở máy này. / No portal runs here.")
        self.stdout.write(f"Đang đổi sang bản mới: {len(told)} tiến trình. / Beginning anew.")
