from django.urls import path

from reviews.views import deciding, holding, judging, pages, queue, returning, signals

app_name = "reviews"
urlpatterns = [
    path("", queue.show, name="queue"),
    path("download/", queue.download, name="download"),
    path("signals/", signals.signals, name="signals"),
    path("signals/thresholds/", signals.thresholds, name="signal_thresholds"),
    path("signals/<int:pk>/", signals.signal, name="signal"),
    path("<int:pk>/", pages.appraise, name="appraise"),
    path("<int:pk>/compare/", pages.compare, name="compare"),
    path("<int:pk>/history/", pages.history, name="history"),
    path("<int:pk>/take/", holding.take, name="take"),
    path("<int:pk>/give-back/", holding.give_back, name="give_back"),
    path("<int:pk>/judge/", judging.judge, name="judge"),
    path("<int:pk>/return/", returning.send_back, name="return"),
    path("<int:pk>/approve/", deciding.approve, name="approve"),
    path("<int:pk>/reject/", deciding.reject, name="reject"),
]
