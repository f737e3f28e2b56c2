from django.urls import path

from organizations.views import account

app_name = "organizations"
urlpatterns = [
    path("posts/switch/", account.switch_post, name="switch_post"),
]
