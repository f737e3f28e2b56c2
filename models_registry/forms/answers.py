"""What a unit answers to the remarks of a return, one by one."""

import hashlib
from collections.abc import Iterator, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.forms.writing import NoSecrets
from models_registry.models import Remark
from models_registry.services.remarks import ANSWER_LENGTH
from vietnamese.forms import Form


class AnswersForm(NoSecrets, Form):
    """An answer to each remark; one may be left for later."""

    def __init__(self, data=None, *, remarks: Sequence[Remark]):
        super().__init__(data, initial={f"answer-{one.pk}": one.answer for one in remarks})
        self.remarks = remarks
        for one in remarks:
            self.fields[f"answer-{one.pk}"] = forms.CharField(
                label=_("Đơn vị đã làm gì, hoặc vì sao không sửa"),
                required=False,
                min_length=ANSWER_LENGTH,
                max_length=1000,
                error_messages={"min_length": _("Hãy trả lời rõ hơn, ít nhất %(limit_value)d ký tự.")},
                widget=forms.Textarea(
                    attrs={"rows": 3, "data-counter": _("Còn {n} ký tự"), "data-counter-over": _("Quá {n} ký tự")}
                ),
            )

    def asked(self) -> Iterator[tuple[Remark, forms.BoundField]]:
        """Yield (remark, the field of its answer)."""
        return ((one, self[f"answer-{one.pk}"]) for one in self.remarks)

    def answers(self) -> dict[int, str]:
        return {one.pk: self.cleaned_data[f"answer-{one.pk}"] for one in self.remarks}

    @property
    def mark(self) -> str:
        """A short name of what was shown: the same as long as nobody saved another answer."""
        return hashlib.sha256(repr(self.initial).encode()).hexdigest()[:20]
