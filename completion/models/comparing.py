"""Where each unit stood when its quarter was sealed; kept beside the sealed figures and, like them, never changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from completion.models.figures import FrozenUnit, Revision


class Comparison(models.Model):
    """By what the units of a sealed revision were ranked: the rate of all works, and the classes of size.

    `bounds` are numbers of works in the year's plan, each the first of a class: "10,30,100".
    """

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="comparison", db_constraint=False)
    rate = models.CharField(max_length=3)
    bounds = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"{self.revision_id} {self.rate}"

    @property
    def limits(self) -> tuple[int, ...]:
        return tuple(map(int, self.bounds.split(",")))


class Standing(models.Model):
    """One unit's rank among so many siblings and peers (units of its kind and size in the tree), or why it has none."""

    class Apart(models.TextChoices):
        FEW = "few", _("Ít việc")
        NOTHING_DUE = "nothing_due", _("Không có việc đến hạn")
        UNREGISTERED = "unregistered", _("Chưa đăng ký")
        INHERITED = "inherited", _("Có việc kế thừa do sáp nhập, chia tách")

    place = models.OneToOneField(FrozenUnit, on_delete=models.CASCADE, related_name="standing", db_constraint=False)
    size = models.PositiveSmallIntegerField()
    apart = models.CharField(max_length=12, choices=Apart, blank=True)
    sibling_rank = models.PositiveIntegerField(null=True)
    siblings = models.PositiveIntegerField()
    peer_rank = models.PositiveIntegerField(null=True)
    peers = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(apart="", sibling_rank__isnull=False, peer_rank__isnull=False)
                | (~Q(apart="") & Q(sibling_rank__isnull=True, peer_rank__isnull=True)),
                name="standing_ranked_or_apart",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.sibling_rank}/{self.siblings}"
