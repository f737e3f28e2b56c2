"""manage.py replay_journal: does every dossier and item stand where the journal leads?"""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.management.progress_bar import ProgressBar
from progress.queries.replaying import first_difference

SUBJECTS = {"dossier": gettext_lazy("Hồ sơ"), "workitem": gettext_lazy("Việc")}


class Command(BaseCommand):
    help = "Đi lại nhật ký từ đầu và nêu hồ sơ hoặc việc đầu tiên không ở đúng nơi nhật ký dẫn tới (mã thoát khác 0)."

    def handle(self, **options):
        if found := first_difference(progress=ProgressBar(self.stderr, _("Đi lại nhật ký"))):
            raise CommandError(
                _("%(subject)s số %(pk)s: nhật ký dẫn tới “%(told)s”, trong cơ sở dữ liệu là “%(stands)s”.")
                % {"subject": SUBJECTS[found.subject], "pk": found.pk, "told": found.told, "stands": found.stands}
            )
        self.stdout.write(_("Mọi hồ sơ và việc đều ở đúng nơi nhật ký dẫn tới."))
