from django.urls import path, re_path

from dashboards.extracts import pages

app_name = "extracts"
urlpatterns = [
    path("", pages.start, name="start"),
    path("units/<int:pk>/", pages.unit, name="unit"),
    path("units/<int:pk>/below/", pages.below, name="below"),
    path("<int:pk>/", pages.extract, name="extract"),
    re_path(r"^(?P<pk>[0-9]{1,18})/extract[.](?P<form>docx|pdf|xlsx)$", pages.file, name="file"),
]
