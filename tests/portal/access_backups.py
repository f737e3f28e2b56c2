from django.utils import timezone

from portal.backups.models import Backup


def _a_backup(world, unit):
    return {"pk": Backup.objects.create(state="done", begun_at=timezone.now()).pk}


OBJECTS = {"backups:backup": _a_backup}
ROWS = """
# url                 method place  ano sec dep cle com app hea lea adm non
backups:backups       GET    -      302 403 403 403 403 403 403 403 200 403
backups:backups       POST   -      302 405*
backups:backup        GET    any    302 403 403 403 403 403 403 403 200 403
backups:backup        POST   any    302 405*
backups:back_up_now   GET    -      302 405*
backups:back_up_now   POST   -      302 403 403 403 403 403 403 403 302 403
"""
