"""Addresses below /accounts/ that are our own; those of the library are in `library_urls`."""

from django.urls import path

from portal.accounts.views import links, own, recovery

urlpatterns = [
    path("", own.profile, name="profile"),
    path("edit/", own.edit, name="edit"),
    path("phone/", own.phone, name="phone"),
    path("phone/code/", own.phone_code, name="phone_code"),
    path("devices/end/", own.end_device, name="end_device"),
    path("password/change/", own.change_password, name="password"),
    path("password/forgot/", recovery.forgot, name="forgot"),
    path("password/forgot/code/", recovery.code, name="forgot_code"),
    path("password/forgot/new/", recovery.new_password, name="forgot_new"),
    path("link/<str:token>/", links.use, name="link"),
]
