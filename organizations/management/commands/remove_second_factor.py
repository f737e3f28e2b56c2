from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from organizations import services
from organizations.models import Person


class Command(BaseCommand):
    help = "Take a lost second factor off somebody's account: for the last administrator, whom nobody else can help."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        person = Person.objects.known_as(username)
        if person is None:
            raise CommandError(f"Không có người dùng {username}.")
        services.remove_second_factor(person, by=None, at=timezone.now())
        self.stdout.write(f"Đã gỡ xác thực hai lớp của {person.full_name} và đăng xuất mọi máy.")
