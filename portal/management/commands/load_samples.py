from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from organizations.models import Unit
from portal import samples


class Command(BaseCommand):
    help = "Fills an empty database with the sample units, people, models and works."

    def handle(self, **options):
        if Unit.objects.exists():
            raise CommandError("Cơ sở dữ liệu đã có đơn vị; không nạp dữ liệu mẫu. / The database is not empty.")
        at = timezone.now()
        made = samples.load(at)
        samples.compute_figures(at)
        samples.issue_papers(at)
        self.stdout.write(f"{made['units']} đơn vị, {made['people']} tài khoản, {made['dossiers']} hồ sơ mẫu.")
