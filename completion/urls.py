from django.urls import path

from completion import views

app_name = "completion"
urlpatterns = [
    path("history/", views.history, name="history"),
    path("closing/", views.closings, name="closings"),
    path("closing/<int:pk>/<slug:quarter>/seal/", views.seal, name="seal"),
    path("closing/<int:pk>/<slug:quarter>/recompute/", views.recompute, name="recompute"),
]
