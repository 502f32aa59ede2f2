"""Addresses of opinions and complaints."""

from django.urls import path, re_path

from portal.complaints import views

urlpatterns = [
    path("complaints/", views.write, name="write"),
    path("complaints/receipt/", views.receipt, name="receipt"),
    path("complaints/track/", views.track, name="track"),
    path("staff/complaints/", views.index, name="list"),
    path("staff/complaints/<str:no>/", views.detail, name="detail"),
    path("staff/complaints/<str:no>/identity/", views.reveal, name="reveal"),
    re_path(
        r"^staff/complaints/(?P<no>[^/]+)/(?P<name>accept|answer|transfer|reject|close)/$",
        views.step,
        name="step",
    ),
]
