"""Addresses of desk cards: the family's studio, and staff."""

from django.urls import path

from families.cards.views import own, staff

urlpatterns = [
    path("me/cards/<str:no>/", own.studio, name="studio"),
    path("me/cards/<str:no>/preview.png", own.preview, name="own_preview"),
    path("me/cards/<str:no>/card.pdf", own.pdf, name="own_pdf"),
    path("me/cards/<str:no>/withdraw/", own.withdraw, name="withdraw"),
    path("staff/cards/", staff.index, name="index"),
    path("staff/cards/batch/", staff.batch, name="batch"),
    path("staff/cards/batches/", staff.batches, name="batches"),
    path("staff/cards/<str:no>/", staff.detail, name="detail"),
    path("staff/cards/<str:no>/preview.png", staff.preview, name="preview"),
]
