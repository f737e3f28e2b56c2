from django.core.management.base import BaseCommand

from portal.scheduler import sync_schedule


class Command(BaseCommand):
    help = "Registers the periodic tasks that the apps declare; run after every migrate."

    def handle(self, *args, **options):
        self.stdout.write(f"{sync_schedule()} periodic tasks")
