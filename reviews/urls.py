from django.urls import path, re_path

from reviews.views import deciding, holding, judging, pages, papers, queue, returning, sessions, signals, timeline

app_name = "reviews"
urlpatterns = [
    path("", queue.show, name="queue"),
    path("download/", queue.download, name="download"),
    path("signals/", signals.signals, name="signals"),
    path("signals/thresholds/", signals.thresholds, name="signal_thresholds"),
    path("signals/<int:pk>/", signals.signal, name="signal"),
    path("papers/", papers.papers, name="papers"),
    path("papers/decision/", papers.decision_paper, name="decision_paper"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    re_path(r"^papers/(?P<pk>[0-9]{1,18})/paper[.](?P<form>docx|pdf)$", papers.paper_file, name="paper_file"),
    path("papers/<int:pk>/again/", papers.reissue, name="reissue"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/new/", sessions.new, name="new_session"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>/edit/", sessions.edit, name="edit_session"),
    path("sessions/<int:pk>/add/", sessions.add, name="add_points"),
    path("sessions/<int:pk>/minutes/", sessions.minutes, name="minutes"),
    path("sessions/points/<int:pk>/", sessions.point, name="point"),
    path("sessions/points/<int:pk>/remove/", sessions.remove_point, name="remove_point"),
    path("<int:pk>/paper/<int:number>/", papers.appraisal_paper, name="appraisal_paper"),
    path("<int:pk>/", pages.appraise, name="appraise"),
    path("<int:pk>/compare/", pages.compare, name="compare"),
    path("<int:pk>/history/", pages.history, name="history"),
    path("<int:pk>/timeline/", timeline.show, name="timeline"),
    path("<int:pk>/take/", holding.take, name="take"),
    path("<int:pk>/give-back/", holding.give_back, name="give_back"),
    path("<int:pk>/judge/", judging.judge, name="judge"),
    path("<int:pk>/return/", returning.send_back, name="return"),
    path("<int:pk>/approve/", deciding.approve, name="approve"),
    path("<int:pk>/reject/", deciding.reject, name="reject"),
]
