"""Sign-ins as rows: whose, since when and how lately used, beside what Django keeps of a session."""

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from organizations.models.people import Person
from organizations.querysets import SessionQuerySet


class Session(AbstractBaseSession):
    """One browser's session; nobody's (`person` is empty) until somebody has signed in. Deleting the row ends it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField(null=True)
    # Within some minutes: using a page writes it now and then, not every time.
    seen_at = models.DateTimeField(null=True)

    objects = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, began_at__isnull=True, seen_at__isnull=True)
                | models.Q(person__isnull=False, began_at__isnull=False, seen_at__isnull=False),
                name="session_of_somebody_has_times",
            )
        ]

    @classmethod
    def get_session_store_class(cls):
        from organizations.sessions import SessionStore  # which reads these rows

        return SessionStore
