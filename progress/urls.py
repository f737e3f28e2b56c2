from django.urls import path

from progress.views import carrying_over, checks, exemptions, items, quarter, quarters, reporting, requests, steps

app_name = "progress"
urlpatterns = [
    path("items/", items.items, name="items"),
    path("items/<int:pk>/", items.item, name="item"),
    path("items/<int:pk>/report/", reporting.report, name="report"),
    path("items/<int:pk>/progress/", reporting.report, {"interim": True}, name="tell_progress"),
    path("items/<int:pk>/step/<slug:step>/", steps.step, name="step"),
    path("items/<int:pk>/check/<int:quarter>/", checks.check, name="check"),
    path("items/<int:pk>/ask/<slug:kind>/", requests.ask, name="ask"),
    path("evidence/<int:pk>/", items.evidence, name="evidence"),
    path("evidence/<int:pk>/small/", items.thumbnail, name="thumbnail"),
    path("to-confirm/", steps.to_confirm, name="to_confirm"),
    path("checks/", checks.checks, name="checks"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:pk>/", requests.decide, name="decide"),
    path("requests/<int:pk>/withdraw/", requests.withdraw, name="withdraw_request"),
    path("carry-over/", carrying_over.carry_over, name="carry_over"),
    path("carry-over/decide/", carrying_over.carry_overs, name="carry_overs"),
    path("year/", quarters.own_year, name="own_year"),
    path("units/<int:pk>/<int:year>/", quarters.unit_year, name="unit_year"),
    path("units/<int:pk>/<int:year>/<int:quarter>/", quarter.unit_quarter, name="unit_quarter"),
    path("units/<int:pk>/<int:year>/<int:quarter>/exempt/", exemptions.exempt, name="exempt_report"),
    path("report-exemptions/<int:pk>/lift/", exemptions.lift, name="lift_report_exemption"),
    path("reports/", quarters.reports, name="reports"),
    path("units/<int:pk>/<int:year>/<int:quarter>/urge/", quarters.urge, name="urge"),
    path("reports.xlsx", quarters.reports_xlsx, name="reports_xlsx"),
]
