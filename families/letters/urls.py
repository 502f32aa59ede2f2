"""Addresses of letters: the link of the message, and the pages of the two."""

from django.urls import path

from families.letters import views

urlpatterns = [
    path("letters/<str:token>/", views.open_link, name="open"),
    path("me/letters/<str:no>/", views.thread, name="thread"),
    path("me/letters/<str:no>/send/", views.send, name="send"),
    path("me/letters/<str:no>/reply/", views.reply, name="reply"),
    path("me/letters/<str:no>/refuse/", views.refuse, name="refuse"),
]
