from django.urls import path

from models_registry.views.dossiers import acting, advising, attaching, papers, presence, reading, starting, writing

urlpatterns = [
    path("dossiers/", reading.dossiers, name="dossiers"),
    path("dossiers/start/", starting.start, name="start"),
    path("dossiers/<int:pk>/", reading.dossier, name="dossier"),
    path("dossiers/<int:pk>/print/", reading.print_dossier, name="print"),
    path("dossiers/<int:pk>/paper/", papers.paper, name="paper"),
    path("dossiers/<int:pk>/paper/<slug:which>.docx", papers.word, name="word"),
    path("dossiers/<int:pk>/paper/<slug:which>/pdf/", papers.pdf, name="pdf"),
    path("dossiers/<int:pk>/edit/files/", attaching.files, name="files"),
    path("dossiers/<int:pk>/edit/individual/", writing.individuals, name="individuals"),
    path("dossiers/<int:pk>/edit/individual/add/", writing.individual, name="individual_add"),
    path("dossiers/<int:pk>/edit/individual/<int:number>/", writing.individual, name="individual"),
    path("dossiers/<int:pk>/edit/bring/", starting.bring, name="bring"),
    path("dossiers/<int:pk>/edit/<slug:key>/advice/", advising.advice, name="advice"),
    path("dossiers/<int:pk>/edit/<slug:key>/<int:number>/advice/", advising.advice, name="advice_one"),
    path("dossiers/<int:pk>/edit/<slug:key>/", writing.step, name="step"),
    path("dossiers/<int:pk>/presence/", presence.presence, name="presence"),
    path("dossiers/<int:pk>/check/", acting.check, name="check"),
    path("dossiers/<int:pk>/withdraw/", acting.withdraw, name="withdraw"),
    path("dossiers/<int:pk>/delete/", acting.delete, name="delete"),
    path("dossiers/<int:pk>/copy/", starting.copy, name="copy"),
    path("dossiers/<int:pk>/comment/", acting.comment, name="comment"),
    path("files/<int:pk>/", reading.attachment, name="attachment"),
    path("files/<int:pk>/small/", reading.thumbnail, name="thumbnail"),
]
