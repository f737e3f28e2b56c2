from django.urls import path

from models_registry.views.dossiers import individual_files as files
from models_registry.views.dossiers import individual_table as table

TOGETHER = "dossiers/<int:pk>/edit/individual/"

urlpatterns = [
    path(f"{TOGETHER}table/", table.individuals_table, name="individuals_table"),
    path(f"{TOGETHER}paste/", table.individuals_paste, name="individuals_paste"),
    path(f"{TOGETHER}sheet.xlsx", files.individuals_export, name="individuals_export"),
    path(f"{TOGETHER}import/", files.individuals_import, name="individuals_import"),
    path(f"{TOGETHER}import/<int:job>/", files.individuals_report, name="individuals_report"),
    path(f"{TOGETHER}import/<int:job>/load/", files.individuals_load, name="individuals_load"),
]
