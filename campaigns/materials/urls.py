"""Addresses of materials, documents and courses."""

from django.urls import path

from campaigns.materials.views import courses, documents, listing, stock

urlpatterns = [
    path("staff/materials/", listing.index, name="index"),
    path("staff/materials/new/", stock.new, name="new"),
    path("staff/materials/placements/", listing.placements, name="placements"),
    path("staff/materials/placements/<int:pk>/remove/", stock.unplace, name="unplace"),
    path("staff/materials/viewings/", listing.viewings, name="viewings"),
    path("staff/materials/viewings/<int:pk>/remove/", stock.unwatch, name="unwatch"),
    path("staff/materials/documents/", listing.documents, name="documents"),
    path("staff/materials/documents/new/", documents.document_new, name="document_new"),
    path("staff/materials/documents/<int:pk>/", documents.document, name="document"),
    path("staff/materials/documents/<int:pk>/edit/", documents.document_edit, name="document_edit"),
    path("staff/materials/documents/<int:pk>/<slug:name>/", documents.document_step, name="document_step"),
    path("staff/materials/courses/", listing.courses, name="courses"),
    path("staff/materials/courses/new/", courses.course_new, name="course_new"),
    path("staff/materials/courses/<int:pk>/", courses.course, name="course"),
    path("staff/materials/courses/<int:pk>/edit/", courses.course_edit, name="course_edit"),
    path("staff/materials/<int:pk>/", stock.detail, name="detail"),
    path("staff/materials/<int:pk>/edit/", stock.edit, name="edit"),
    path("staff/materials/<int:pk>/place/", stock.place, name="place"),
    path("staff/materials/<int:pk>/watch/", stock.watch, name="watch"),
]
