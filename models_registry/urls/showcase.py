from django.urls import path

from models_registry.views import consents, showcase

urlpatterns = [
    path("showcase/", showcase.gallery, name="showcase"),
    path("showcase/<int:pk>/", showcase.shown_model, name="shown_model"),
    path("showcase/<int:pk>/photos/<int:photo>/", showcase.shown_photo, name="shown_photo"),
    path("showcase/<int:pk>/photos/<int:photo>/small/", showcase.shown_thumbnail, name="shown_thumbnail"),
    path("showcase/<int:pk>/vote/", showcase.vote, name="vote"),
    path("showcase/<int:pk>/adopt/", showcase.adopt, name="adopt"),
    path("showcase/<int:pk>/adoptions/", showcase.adoptions, name="adoptions"),
    path("dossiers/<int:pk>/publish/", showcase.publish, name="publish"),
    path("dossiers/<int:pk>/unpublish/", showcase.unpublish, name="unpublish"),
    path("dossiers/<int:pk>/consent/", consents.consent, name="consent"),
    path("dossiers/<int:pk>/consent/exemplars/<int:exemplar>/", consents.exemplar, name="consent_of_exemplar"),
    path("dossiers/<int:pk>/consent/photos/<int:photo>/", consents.photo, name="consent_of_photo"),
    path("consents/<int:pk>/scan/", consents.scan, name="consent_scan"),
]
