from django.urls import path, re_path

from dashboards.packs import pages

app_name = "packs"
urlpatterns = [
    path("", pages.start, name="start"),
    path("units/<int:pk>/", pages.unit, name="unit"),
    path("units/<int:pk>/wish/", pages.wish, name="wish"),
    path("units/<int:pk>/weekly/", pages.weekly, name="weekly"),
    path("<int:pk>/", pages.pack, name="pack"),
    re_path(r"^(?P<pk>[0-9]{1,18})/pack[.](?P<form>docx|pdf|xlsx)$", pages.file, name="file"),
]
