"""Where a paper is checked: addresses short enough to be printed on it, open to everybody."""

from django.urls import path

from reviews.views import verifying

urlpatterns = [
    path("", verifying.verify, name="verify"),
    path("<str:typed>/", verifying.verify_code, name="verify_code"),
]
