"""Says in the head of a page how far its figures reach; so that no page of figures can leave it out, it asks itself."""

from django import template
from django.utils import timezone

from completion.queries.figures import Passport
from completion.queries.freshness import freshness_of

register = template.Library()


@register.inclusion_tag("completion/_freshness.html")
def freshness(passport: Passport) -> dict:
    """Say when sealed figures were sealed, and up to when provisional ones are; one query, of provisional ones."""
    return {"passport": passport, "fresh": freshness_of(passport, at=timezone.now())}
