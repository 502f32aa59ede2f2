"""Addresses of the publish gate."""

from django.urls import path

from portal.publication import views

urlpatterns = [
    path("staff/publication/", views.queue, name="queue"),
    path("staff/publication/next/", views.next_one, name="next"),
    path("staff/publication/pass/", views.pass_many, name="pass_many"),
    path("staff/publication/words/", views.word_list, name="words"),
    path("staff/publication/words/<int:pk>/", views.switch_word, name="switch_word"),
    path("staff/publication/<uuid:public_id>/", views.detail, name="detail"),
    path("staff/publication/<uuid:public_id>/pass/", views.pass_on, name="pass"),
    path("staff/publication/<uuid:public_id>/return/", views.send_back, name="return"),
    path("staff/publication/<uuid:public_id>/take-down/", views.take_down, name="take_down"),
]
