from django.urls import path

from reviews.views import queue

app_name = "reviews"
urlpatterns = [
    path("", queue.show, name="queue"),
    path("download/", queue.download, name="download"),
]
