"""The yardstick: a bare view that renders a page of 20 kB with one indexed query."""

from django.shortcuts import render
from django.urls import path

from organizations.models import Unit
from portal.urls import urlpatterns as portal_urls


def yardstick(request):
    units = Unit.objects.order_by("id").filter(id__gt=100).values("id", "code", "name", "kind", "valid_from")[:50]
    return render(request, "yardstick.html", {"units": units})


urlpatterns = [path("yardstick/", yardstick), *portal_urls]
