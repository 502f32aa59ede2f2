"""Workbench and dashboards."""

from django.urls import path

from portal.dashboards import views

urlpatterns = [
    path("staff/", views.workbench_page, name="workbench"),
    path("dashboard/", views.dashboard_home, name="home"),
    path("dashboard/definitions/", views.definitions, name="definitions"),
    path("dashboard/<slug:unit_no>/", views.unit_dashboard, name="unit"),
]
