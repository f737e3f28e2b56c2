from django.urls import path

from models_registry.views import showcase

urlpatterns = [
    path("showcase/", showcase.gallery, name="showcase"),
    path("showcase/<int:pk>/", showcase.shown_model, name="shown_model"),
    path("showcase/<int:pk>/vote/", showcase.vote, name="vote"),
    path("showcase/<int:pk>/adopt/", showcase.adopt, name="adopt"),
    path("showcase/<int:pk>/adoptions/", showcase.adoptions, name="adoptions"),
    path("dossiers/<int:pk>/publish/", showcase.publish, name="publish"),
    path("dossiers/<int:pk>/unpublish/", showcase.unpublish, name="unpublish"),
    path("dossiers/<int:pk>/consent/", showcase.consent, name="consent"),
]
