"""Words for asking how many members owe works of their own, and how many have registered some."""

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from models_registry.lifecycle import State
from models_registry.querysets.plans import end_of
from organizations.paths import path_end
from organizations.permissions import reach

SHEET = "registration_sheet"
STANDING = [state for state in State.values if state != State.WITHDRAWN]


def _individuals(day: date, **narrowed) -> Coalesce:
    """Return how many different individuals stand on the sheets of the outer unit and round sent before `day` ended.

    A sheet counts from its first submission, a withdrawn one does not; two works, or two sheets, of one are one.
    """
    items = apps.get_model("models_registry", "WorkItem").objects.filter(
        kind="IND",
        dossier__unit=OuterRef("unit"),
        dossier__round=OuterRef("round"),
        dossier__kind=SHEET,
        dossier__state__in=STANDING,
        dossier__versions__number=1,
        dossier__versions__submitted_at__lt=end_of(day),
        **{f"dossier__versions__{name}": value for name, value in narrowed.items()},
    )
    counted = items.order_by().values("dossier__unit").annotate(n=Count("subject_number", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class MemberObligationQuerySet(models.QuerySet):
    # What `members.Members.of` adds up, in its order.
    COUNTED = ("head_count__members", "head_count__exempt", "freed", "registered", "punctual")

    def visible_to(self, user):
        return self.filter(reach(user))

    def below(self, unit):
        """Those of a unit and all below it, by one range over the path index."""
        return self.filter(unit__path__gte=unit.path, unit__path__lt=path_end(unit.path))

    def with_counts(self, day: date):
        """Add `freed`, `registered` and `punctual` as they stood when `day` ended; part of the one query.

        `freed` says that the cell is exempt from its sheet, and its members with it; `registered` how many different
        individuals stand on sheets sent, `punctual` how many of them on sheets sent in time.
        """
        sheet = apps.get_model("models_registry", "Obligation").objects.filter(
            round=OuterRef("round"), unit=OuterRef("unit"), owes=SHEET, exempted_at__lt=end_of(day)
        )
        in_time = {"submitted_at__date__lte": OuterRef("round__closes_on")}
        return self.annotate(freed=Exists(sheet), registered=_individuals(day), punctual=_individuals(day, **in_time))

    def standing_as(self, status: str):
        """Keep, of those `with_counts`, the cells that have any such member; the twin of `queries.members.Members.of`.

        `status` is sent, late, missing, exempt, beyond (more registered than owe), or uncounted.
        """
        due = Q(head_count__isnull=False, freed=False)
        owing = F("head_count__members") - F("head_count__exempt")
        return self.filter(
            {
                "uncounted": Q(head_count=None),
                "exempt": Q(head_count__isnull=False)
                & (Q(freed=True, head_count__members__gt=0) | Q(head_count__exempt__gt=0)),
                "missing": due & Q(registered__lt=owing),
                "sent": due & Q(punctual__gt=0, head_count__members__gt=F("head_count__exempt")),
                "late": due & Q(registered__gt=F("punctual"), punctual__lt=owing),
                "beyond": Q(head_count__isnull=False) & (Q(registered__gt=owing) | Q(freed=True, registered__gt=0)),
            }[status]
        )
