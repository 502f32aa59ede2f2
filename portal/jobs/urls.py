"""Job pages for who asked for the work (/staff/jobs/) and for who runs the portal (/ops/)."""

from django.urls import path

from portal.jobs import views

urlpatterns = [
    path("staff/jobs/<uuid:public_id>/", views.detail, name="detail"),
    path("staff/jobs/<uuid:public_id>/file/", views.file, name="file"),
    path("ops/", views.ops, name="ops"),
    path("ops/jobs/", views.index, name="index"),
    path("ops/jobs/<uuid:public_id>/retry/", views.retry, name="retry"),
    path("ops/periodic/", views.periodic, name="periodic"),
    path("ops/periodic/run/", views.run_now, name="run_now"),
]
