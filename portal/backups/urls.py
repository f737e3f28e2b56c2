from django.urls import path

from portal.backups import views

app_name = "backups"
urlpatterns = [
    path("", views.backups, name="backups"),
    path("now/", views.back_up_now, name="back_up_now"),
    path("<int:pk>/", views.backup, name="backup"),
]
