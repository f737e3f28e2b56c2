from django.urls import path

from dashboards import bridging, passports, ranking, recasting, regrouping, rhythm, views, years

app_name = "dashboards"
urlpatterns = [
    path("", views.start, name="start"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/children/", views.children, name="children"),
    path("units/<int:pk>/rhythm/", rhythm.rhythm, name="rhythm"),
    path("units/<int:pk>/charts/<slug:name>.svg", rhythm.picture, name="picture"),
    path("units/<int:pk>/passport/", passports.passport, name="passport"),
    path("units/<int:pk>/passport/paper/", passports.passport_paper, name="passport_paper"),
    path("units/<int:pk>/bridge/", bridging.bridge, name="bridge"),
    path("units/<int:pk>/bridge/works/", bridging.step, name="bridge_step"),
    path("units/<int:pk>/items/", views.items, name="items"),
    path("units/<int:pk>/shared/", views.shared, name="shared"),
    path("units/<int:pk>/ranking/", ranking.ranking, name="ranking"),
    path("units/<int:pk>/missing/", views.missing, name="missing"),
    path("units/<int:pk>/years/", years.years, name="years"),
    path("units/<int:pk>/waiting/", regrouping.waiting, name="waiting"),
    path("units/<int:pk>/regrouped/", regrouping.regrouped, name="regrouped"),
    path("units/<int:pk>/regrouped/passport/", recasting.regrouped_passport, name="regrouped_passport"),
    path("units/<int:pk>/regrouped/passport/paper/", recasting.regrouped_paper, name="regrouped_paper"),
    path("units/<int:pk>/regrouped/items/", recasting.regrouped_items, name="regrouped_items"),
    path("units/<int:pk>/regrouped.<slug:form>", regrouping.regrouped_file, name="regrouped_file"),
    path("units/<int:pk>/figures.<slug:form>", views.export, name="export"),
]
