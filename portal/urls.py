from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from portal import csp_reports, views
from portal.operating import views as operating

urlpatterns = [
    path("", views.home, name="home"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("appearance/", views.choose_appearance, name="appearance"),
    path("other-posts/", views.other_posts, name="other_posts"),
    path("healthz", operating.healthz, name="healthz"),
    path("readyz", operating.readyz, name="readyz"),
    path("metrics", operating.metrics, name="metrics"),
    path("robots.txt", views.robots, name="robots"),
    path("csp-reports/", csp_reports.collect, name="csp_reports"),
    path("components/", views.components, name="components"),
    path("backups/", include("portal.backups.urls")),
    path("account/", include("organizations.account_urls")),
    path("privacy/", include("privacy.urls")),
    path("org/", include("organizations.urls")),
    path("registry/", include("models_registry.urls")),
    path("progress/", include("progress.urls")),
    path("journal/", include("journal.urls")),
    path("reviews/", include("reviews.urls")),
    path("verify/", include("reviews.verify_urls")),
    path("figures/packs/", include("dashboards.packs.urls")),
    path("figures/extracts/", include("dashboards.extracts.urls")),
    path("figures/", include("completion.urls")),
    path("dashboards/", include("dashboards.urls")),
]

handler400 = "portal.error_pages.bad_request"
handler403 = "portal.error_pages.forbidden"
handler404 = "portal.error_pages.not_found"
handler500 = "portal.error_pages.failed"
