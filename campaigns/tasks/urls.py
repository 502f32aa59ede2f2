"""Addresses of tasks and quotas."""

from django.urls import path, re_path

from campaigns.tasks.views import copies, issuing, listing, quotas

urlpatterns = [
    path("staff/tasks/", listing.index, name="index"),
    path("staff/tasks/issued/", listing.issued, name="issued"),
    path("staff/tasks/new/", issuing.new, name="new"),
    path("staff/tasks/<int:pk>/", issuing.detail, name="detail"),
    path("staff/tasks/<int:pk>/edit/", issuing.edit, name="edit"),
    path("staff/tasks/<int:pk>/preview/", issuing.preview, name="preview"),
    path("staff/tasks/<int:pk>/due/", issuing.due, name="due"),
    re_path(
        r"^staff/tasks/(?P<pk>[0-9]{1,18})/(?P<name>issue|recall|close|discard)/$", issuing.step, name="step"
    ),
    path("staff/tasks/copies/", listing.copies, name="copies"),
    path("staff/tasks/copies/bulk/", listing.bulk, name="bulk"),
    path("staff/tasks/copies/<int:pk>/", copies.show, name="copy"),
    path("staff/tasks/copies/<int:pk>/answer/", copies.answer, name="answer"),
    path("staff/tasks/copies/<int:pk>/people/", copies.people, name="people"),
    path("staff/tasks/copies/<int:pk>/remind/", copies.remind, name="remind"),
    path("staff/tasks/copies/<int:pk>/step/<slug:name>/", copies.step, name="copy_step"),
    path(
        "staff/tasks/copies/<int:pk>/evidence/<int:row>/remove/", copies.drop_evidence, name="drop_evidence"
    ),
    path("staff/tasks/quotas/", quotas.index, name="quotas"),
    path("staff/tasks/quotas/new/", quotas.new, name="quota_new"),
    path("staff/tasks/quotas/<int:pk>/", quotas.show, name="quota"),
    path("staff/tasks/quotas/<int:pk>/fill/", quotas.fill, name="quota_fill"),
    path("staff/tasks/quotas/<int:pk>/entries/<int:row>/remove/", quotas.drop, name="quota_drop"),
    path("staff/tasks/quotas/shares/<int:pk>/split/", quotas.split, name="quota_split"),
]
