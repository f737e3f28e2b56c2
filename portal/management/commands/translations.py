from django.core.management.base import BaseCommand, CommandError

from portal import translations

LANGUAGES = ("vi", "en")


class Command(BaseCommand):
    help = "Keeps the catalogues: update rewrites them from the code, check lists what is missing, compile makes .mo."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["update", "check", "compile"])

    def handle(self, action, **options):
        getattr(self, action)()

    def update(self):
        for language in LANGUAGES:
            self.stdout.write(f"{language}: {translations.update(language)} not translated")

    def check(self, **kwargs):
        found = [line for language in LANGUAGES for line in translations.problems(language)]
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} translations to do")
        self.stdout.write("translations complete: vi, en")

    def compile(self):
        translations.compile_catalogues()
