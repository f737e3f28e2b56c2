from models_registry.urls import dossiers, individuals, plans, search, showcase

app_name = "models_registry"
urlpatterns = [
    *plans.urlpatterns,
    *dossiers.urlpatterns,
    *individuals.urlpatterns,
    *showcase.urlpatterns,
    *search.urlpatterns,
]
