"""Addresses of messages and the outbox."""

from django.urls import path

from portal.notifications import views

urlpatterns = [
    path("staff/messages/", views.message_list, name="messages"),
    path("staff/messages/read/", views.read_all, name="read_all"),
    path("staff/messages/settings/", views.preferences, name="preferences"),
    path("staff/messages/<int:pk>/", views.read, name="read"),
    path("ops/outbox/", views.outbox, name="outbox"),
    path("ops/outbox/addresses/<int:pk>/", views.address, name="address"),
    path("ops/outbox/bulk/", views.bulk, name="bulk"),
    path("ops/outbox/<uuid:public_id>/", views.outgoing, name="outgoing"),
]
