from django.urls import path

from privacy.views import looks, notice, people

app_name = "privacy"
urlpatterns = [
    path("", notice.notice, name="notice"),
    path("register.docx", notice.register_word, name="register_word"),
    path("controller/", notice.controller, name="controller"),
    path("retention/", notice.retention, name="retention"),
    path("mine/", people.mine, name="mine"),
    path("mine/file/", people.take_mine, name="take_mine"),
    path("looks/", looks.looks, name="looks"),
    path("looks/mine/", looks.looks_at_me, name="looks_at_me"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/file/", people.take_person, name="take_person"),
    path("people/<int:pk>/erase/", people.ask_erasure, name="ask_erasure"),
    path("erasures/", people.erasures, name="erasures"),
    path("erasures/<int:pk>/", people.erasure, name="erasure"),
]
