"""Addresses of materials, documents and courses."""

from django.urls import path

from campaigns.materials import views

urlpatterns = [
    path("staff/materials/", views.index, name="index"),
    path("staff/materials/new/", views.new, name="new"),
    path("staff/materials/placements/", views.placements, name="placements"),
    path("staff/materials/placements/<int:pk>/remove/", views.unplace, name="unplace"),
    path("staff/materials/viewings/", views.viewings, name="viewings"),
    path("staff/materials/viewings/<int:pk>/remove/", views.unwatch, name="unwatch"),
    path("staff/materials/documents/", views.documents, name="documents"),
    path("staff/materials/documents/new/", views.document_new, name="document_new"),
    path("staff/materials/documents/<int:pk>/", views.document, name="document"),
    path("staff/materials/documents/<int:pk>/edit/", views.document_edit, name="document_edit"),
    path("staff/materials/documents/<int:pk>/<slug:name>/", views.document_step, name="document_step"),
    path("staff/materials/courses/", views.courses, name="courses"),
    path("staff/materials/courses/new/", views.course_new, name="course_new"),
    path("staff/materials/courses/<int:pk>/", views.course, name="course"),
    path("staff/materials/courses/<int:pk>/edit/", views.course_edit, name="course_edit"),
    path("staff/materials/<int:pk>/", views.detail, name="detail"),
    path("staff/materials/<int:pk>/edit/", views.edit, name="edit"),
    path("staff/materials/<int:pk>/place/", views.place, name="place"),
    path("staff/materials/<int:pk>/watch/", views.watch, name="watch"),
]
