"""Requests about personal data, for those who handle them."""

from django.urls import path

from portal.privacy import views

urlpatterns = [
    path("staff/privacy/", views.index, name="requests"),
    path("staff/privacy/<uuid:public_id>/", views.answer, name="request"),
]
