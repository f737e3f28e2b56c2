from models_registry.urls import dossiers, plans

app_name = "models_registry"
urlpatterns = [*plans.urlpatterns, *dossiers.urlpatterns]
