from models_registry.urls import dossiers, plans, search, showcase

app_name = "models_registry"
urlpatterns = [*plans.urlpatterns, *dossiers.urlpatterns, *showcase.urlpatterns, *search.urlpatterns]
