from models_registry.urls import dossiers, individuals, plans, recognition, search, showcase

app_name = "models_registry"
urlpatterns = [
    *plans.urlpatterns,
    *dossiers.urlpatterns,
    *individuals.urlpatterns,
    *recognition.urlpatterns,
    *showcase.urlpatterns,
    *search.urlpatterns,
]
