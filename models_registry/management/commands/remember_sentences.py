"""manage.py remember_sentences: read the sentences of every sent dossier anew, for the advice on what is alike."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F

from models_registry.models import DossierVersion
from models_registry.services.known_sentences import remember


class Command(BaseCommand):
    help = "Đọc lại câu chữ của mọi hồ sơ đã gửi, để gợi ý chỗ giống nhau; chạy nhiều lần không hại gì."

    def handle(self, **options):
        newest = DossierVersion.objects.filter(number=F("dossier__version")).select_related("dossier__unit")
        count = 0
        for version in newest.iterator(chunk_size=200):
            with transaction.atomic():
                remember(version.dossier, version.content)
            count += 1
        self.stdout.write(f"{count} hồ sơ.")
