from django.urls import path

from reviews.views import pages, queue, steps

app_name = "reviews"
urlpatterns = [
    path("", queue.show, name="queue"),
    path("download/", queue.download, name="download"),
    path("<int:pk>/", pages.appraise, name="appraise"),
    path("<int:pk>/compare/", pages.compare, name="compare"),
    path("<int:pk>/history/", pages.history, name="history"),
    path("<int:pk>/take/", steps.take, name="take"),
    path("<int:pk>/give-back/", steps.give_back, name="give_back"),
    path("<int:pk>/judge/", steps.judge, name="judge"),
    path("<int:pk>/return/", steps.send_back, name="return"),
    path("<int:pk>/approve/", steps.approve, name="approve"),
    path("<int:pk>/reject/", steps.reject, name="reject"),
]
