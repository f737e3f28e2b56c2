from django.urls import path

from models_registry.views import recognition

urlpatterns = [
    path("recognition/", recognition.recognitions, name="recognitions"),
    path("recognition.xlsx", recognition.recognitions_xlsx, name="recognitions_xlsx"),
    path("recognition/new/", recognition.recognise, name="recognise"),
    path("recognition/<int:pk>/", recognition.recognition, name="recognition"),
    path("recognition/19-5/<int:year>/", recognition.honours, name="honours"),
    path("recognition/19-5/<int:year>.xlsx", recognition.honours_xlsx, name="honours_xlsx"),
    path("recognition/19-5/<int:year>.docx", recognition.honours_word, name="honours_word"),
    path("recognition/19-5/<int:year>/pdf/", recognition.honours_pdf, name="honours_pdf"),
    path("dossiers/<int:pk>/recognise/", recognition.recognise_model, name="recognise_model"),
]
