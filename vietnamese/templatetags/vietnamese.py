"""Filters of `vietnamese.display`, at hand in every template."""

from django import template

from vietnamese import display

register = template.Library()
register.filter("day", display.day_text)
register.filter("instant", display.instant_text)
register.filter("num", display.number_text)
register.filter("document_date", display.document_date)
register.filter("quarter", display.quarter_text)
