"""The words of scoresheets, as `rows` fills them in: a panel of three says a hundred marks."""

from collections.abc import Iterable, Iterator

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from reviews.models import Judgement

register = template.Library()


@register.filter
def judged(judgements: Iterable[Judgement]) -> Iterator[dict]:
    """Yield each criterion of a sheet with its mark and its remark."""
    unmarked = _("Chưa có mức")
    for one in judgements:
        remark = linebreaks_filter(one.remark) if one.remark else ""
        yield {"criterion": one.criterion.text, "mark": one.mark_label or unmarked, "remark": remark}


@register.filter
def compared(rows: Iterable[dict]) -> Iterator[dict]:
    """Yield each of `Panel.rows`: the criterion, whether the sheets are divided on it, and a cell for each."""
    dot = '<span class="state-dot" aria-hidden="true"></span>'
    divided = format_html(f' <span class="state state-overdue">{dot}{{}}</span>', _("Lệch nhau"))
    for row in rows:
        yield {
            "criterion": row["criterion"].text,
            "divided": divided if row["divided"] else "",
            "cells": format_html_join("", '<td data-label="{}">{}</td>', row["said"]),
        }
