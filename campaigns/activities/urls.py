"""Addresses of the activity log."""

from django.urls import path

from campaigns.activities.views import corrections, entry, listing, open_pages, record

urlpatterns = [
    path("activities/", open_pages.index, name="public_index"),
    path("activities/<str:no>/", open_pages.detail, name="public_detail"),
    path("activities/<str:no>/qr.svg", open_pages.qr, name="public_qr"),
    path("staff/activities/", listing.index, name="index"),
    path("staff/activities/bulk/", listing.bulk, name="bulk"),
    path("staff/activities/new/", entry.new, name="new"),
    path("staff/activities/new/offline/", entry.offline, name="offline"),
    path("staff/activities/review/", record.review_next, name="review_next"),
    path("staff/activities/import/", listing.to_import, name="import"),
    path("staff/activities/import/template.xlsx", listing.to_template, name="import_template"),
    path("staff/activities/import/<uuid:public_id>/", listing.to_imports, name="import_preview"),
    path("staff/activities/corrections/", corrections.index, name="corrections"),
    path("staff/activities/corrections/<int:pk>/", corrections.decide, name="correction"),
    path("staff/activities/<str:no>/", record.detail, name="detail"),
    path("staff/activities/<str:no>/edit/", entry.edit, name="edit"),
    path("staff/activities/<str:no>/done/", entry.done, name="done"),
    path("staff/activities/<str:no>/correct/", corrections.propose, name="correct"),
    path("staff/activities/<str:no>/ledger.xlsx", record.ledger_row, name="ledger_row"),
    path("staff/activities/<str:no>/step/", record.take_step, name="step"),
    path("staff/activities/<str:no>/publish/", record.publish, name="publish"),
    path("staff/activities/<str:no>/discard/", record.discard, name="discard"),
]
