"""manage.py make_photos_anew: take the place out of photos kept before, and give each its thumbnail."""

from django.apps import apps
from django.core.management.base import BaseCommand

from models_registry.models.files import StoredFile
from models_registry.services.photos import kept_as_they_came, make_anew


class Command(BaseCommand):
    help = "Làm lại các ảnh đã lưu từ trước: bỏ nơi chụp, thêm ảnh nhỏ; chạy nhiều lần không hại gì."

    def handle(self, **options):
        count = unread = 0
        for model in (kept for kept in apps.get_models() if issubclass(kept, StoredFile)):
            for pk in list(kept_as_they_came(model).values_list("pk", flat=True)):
                if make_anew(model, pk):
                    count += 1
                else:
                    unread += 1
                    self.stderr.write(f"{model.__name__} {pk}: không đọc được, giữ nguyên.")
        self.stdout.write(f"{count} ảnh; {unread} ảnh không đọc được.")
