"""Words for asking about what happened to items."""

from django.db import models

from models_registry.querysets.conflicts import without_barred
from organizations.permissions import reach


class FactQuerySet(models.QuerySet):
    def visible_to(self, user):
        return _within(self, user)

    def of(self, item_ids):
        """Facts of these items, in the order they became known."""
        return self.filter(item__in=item_ids).order_by("item_id", "at", "id")


class QuarterlyCheckQuerySet(models.QuerySet):
    def visible_to(self, user):
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return _within(self, user)

    def in_order(self):
        """The one recorded last comes last: of one quarter it is the one that stands."""
        return self.order_by("recorded_at", "id")


class CompletionReportQuerySet(models.QuerySet):
    def told(self):
        """What was sent: that an item is done, or how far it is."""
        return self.filter(reported_at__isnull=False)

    def sent(self):
        """Claims that an item is done, sent."""
        return self.told().filter(interim=False)

    def drafts(self, *, interim: bool = False):
        return self.filter(reported_at__isnull=True, interim=interim)


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Evidence of items one sees; of a draft only inside the own unit. Never any to an administrator."""
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        found = _within(self, user, "report__item")
        return found.filter(models.Q(report__reported_at__isnull=False) | models.Q(report__item__unit=post.unit_id))


class ChangeRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return _within(self, user)

    def undecided(self):
        return self.filter(outcome="")


class UnitReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return self.filter(reach(user))

    def of_quarter(self, year: int, quarter: int):
        return self.filter(year=year, quarter=quarter)


class QuarterDraftQuerySet(UnitReportQuerySet):
    def visible_to(self, user):
        """Only inside the own unit: above it nobody reads what is not sent."""
        return super().visible_to(user).filter(unit=user.post.unit_id) if user.post else self.none()


class ReportExemptionQuerySet(UnitReportQuerySet):
    def standing(self):
        return self.filter(lifted_at__isnull=True)

    def standing_at(self, at):
        """Those given before an instant, and not lifted before it."""
        return self.filter(exempted_at__lt=at).exclude(lifted_at__lt=at)


def _within(rows, user, item: str = "item"):
    """Return the rows whose item is within reach and, to people of a board, of no dossier they may not judge."""
    return without_barred(rows.filter(reach(user, unit=f"{item}__unit")), user, f"{item}__dossier")
