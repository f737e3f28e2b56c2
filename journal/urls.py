from django.urls import path

from journal import views

app_name = "journal"
urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/open/", views.open_notice, name="open_notice"),
    path("digests/<int:pk>/", views.digest, name="digest"),
    path("typed/", views.typed_text, name="typed"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/file/", views.job_file, name="job_file"),
]
