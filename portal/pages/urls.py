"""Addresses of the public pages."""

from django.urls import path

from portal.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.find, name="search"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("care-mode/", views.care_mode, name="care_mode"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.favicon, name="favicon"),
]
