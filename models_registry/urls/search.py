from django.urls import path

from models_registry.views import search

urlpatterns = [path("search/", search.search, name="search")]
