"""Address of the inbox."""

from django.urls import path

from portal.reviews import views

urlpatterns = [path("staff/inbox/", views.inbox_page, name="inbox")]
