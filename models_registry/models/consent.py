"""Consents: who may be named or shown by what, and until when it held."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from models_registry.models.files import StoredFile
from models_registry.querysets.consent import ConsentQuerySet


class Consent(StoredFile):
    """A person agreed to be named in a model or a recognition, or those on a photo that it is shown.

    The scan of the signed paper is the kept file, if there is one. With the withdrawal go who agreed and the scan;
    that, when and how it was given stays, because whoever named the person must be able to show it; with the row of
    the person it goes into the journal (`end_consents`).
    """

    class How(models.TextChoices):
        PAPER = "paper", _("Phiếu đồng ý có chữ ký")
        TOLD = "told", _("Người ấy đồng ý trực tiếp với đơn vị")
        NOBODY = "nobody", _("Trong ảnh không nhận ra ai")

    exemplar = models.ForeignKey(
        "models_registry.Exemplar", null=True, on_delete=models.CASCADE, related_name="consents"
    )
    photo = models.ForeignKey(
        "models_registry.Attachment", null=True, on_delete=models.CASCADE, related_name="consents"
    )
    recognition = models.ForeignKey(
        "models_registry.Recognition", null=True, on_delete=models.CASCADE, related_name="consents"
    )
    how = models.CharField(_("đồng ý bằng cách nào"), max_length=6, choices=How)
    who = models.CharField(_("những người trong ảnh đã đồng ý"), max_length=300, blank=True)
    given_on = models.DateField(_("ngày đồng ý"))
    # Which version of `consenting.WORDS` was agreed to.
    words = models.PositiveSmallIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to="consents/%Y/%m/", max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [*StoredFile.Meta.indexes]
        constraints = [
            *StoredFile.Meta.constraints,
            models.CheckConstraint(condition=Q(how__in=["paper", "told", "nobody"]), name="consent_how_known"),
            models.CheckConstraint(
                condition=Q(exemplar__isnull=False, photo__isnull=True, recognition__isnull=True)
                | Q(exemplar__isnull=True, photo__isnull=False, recognition__isnull=True)
                | Q(exemplar__isnull=True, photo__isnull=True, recognition__isnull=False),
                name="consent_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(how="nobody") | Q(photo__isnull=False, who=""), name="consent_nobody_on_a_photo"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, who="", file=""),
                name="consent_withdrawn_names_nobody",
            ),
            *(
                models.UniqueConstraint(
                    fields=[of], condition=Q(withdrawn_at__isnull=True), name=f"consent_stands_once_{of}"
                )
                for of in ("exemplar", "photo", "recognition")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} {self.given_on:%d/%m/%Y}"
