from models_registry.urls import dossiers, plans, showcase

app_name = "models_registry"
urlpatterns = [*plans.urlpatterns, *dossiers.urlpatterns, *showcase.urlpatterns]
