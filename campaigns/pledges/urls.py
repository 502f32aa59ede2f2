"""Addresses of initiatives and pledges."""

from django.urls import path

from campaigns.pledges.views import open_pages, own, records, texts

urlpatterns = [
    path("pledges/", open_pages.index, name="index"),
    path("pledges/mine/", own.mine, name="mine"),
    path("pledges/initiatives/<slug:slug>/", open_pages.initiative, name="initiative"),
    path("pledges/initiatives/<slug:slug>/qr.svg", open_pages.initiative_qr, name="initiative_qr"),
    path("pledges/receipts/<uuid:public_id>/", own.receipt, name="receipt"),
    path("pledges/receipts/<uuid:public_id>/pledge.pdf", own.receipt_pdf, name="receipt_pdf"),
    path("pledges/receipts/<uuid:public_id>/wall/", own.leave_wall, name="leave_wall"),
    path("pledges/receipts/<uuid:public_id>/withdraw/", own.withdraw, name="withdraw"),
    path("pledges/receipts/<uuid:public_id>/erase/", own.erase, name="erase"),
    path("pledges/<slug:slug>/", open_pages.detail, name="detail"),
    path("pledges/<slug:slug>/qr.svg", open_pages.qr, name="qr"),
    path("pledges/<slug:slug>/villages/", open_pages.villages, name="villages"),
    path("staff/pledges/", texts.index, name="templates"),
    path("staff/pledges/new/", texts.template_new, name="template_new"),
    path("staff/pledges/records/", records.index, name="records"),
    path("staff/pledges/records/<str:no>/", records.record, name="record"),
    path("staff/pledges/records/<str:no>/correct/", records.batch_correct, name="batch_correct"),
    path("staff/pledges/records/<str:no>/void/", records.void, name="void"),
    path("staff/pledges/records/<str:no>/reveal/", records.reveal, name="reveal"),
    path("staff/pledges/ledger/", records.ledger_page, name="ledger"),
    path("staff/pledges/ledger/file/", records.ledger_file, name="ledger_file"),
    path("staff/pledges/initiatives/", texts.initiatives, name="initiatives"),
    path("staff/pledges/initiatives/new/", texts.initiative_new, name="initiative_new"),
    path("staff/pledges/initiatives/<slug:slug>/", texts.initiative_detail, name="initiative_detail"),
    path("staff/pledges/initiatives/<slug:slug>/edit/", texts.initiative_edit, name="initiative_edit"),
    path("staff/pledges/initiatives/<slug:slug>/copies/", texts.hand_out, name="hand_out"),
    path("staff/pledges/initiatives/<slug:slug>/<slug:name>/", texts.initiative_step, name="initiative_step"),
    path("staff/pledges/<slug:slug>/paper/", records.batch_new, name="batch_new"),
    path("staff/pledges/<slug:code>/<int:version>/", texts.template_detail, name="template_detail"),
    path("staff/pledges/<slug:code>/<int:version>/edit/", texts.template_edit, name="template_edit"),
    path("staff/pledges/<slug:code>/<int:version>/preview/", texts.template_preview, name="template_preview"),
    path("staff/pledges/<slug:code>/<int:version>/<slug:name>/", texts.template_step, name="template_step"),
]
