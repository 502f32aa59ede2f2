"""Addresses of key dates and reminders."""

from django.urls import path, re_path

from campaigns.calendar.views import nodes, reminders, schedule

urlpatterns = [
    path("staff/calendar/", nodes.index, name="index"),
    path("staff/calendar/<int:year>.ics", nodes.file, name="ics"),
    path("staff/calendar/nodes/new/", nodes.edit, name="node_new"),
    path("staff/calendar/nodes/usual/", nodes.usual, name="usual"),
    path("staff/calendar/nodes/<int:pk>/", nodes.detail, name="node"),
    path("staff/calendar/nodes/<int:pk>/edit/", nodes.edit, name="node_edit"),
    path("staff/calendar/series/", schedule.index, name="series"),
    path("staff/calendar/series/<slug:slug>/", schedule.plan, name="series_plan"),
    re_path(
        r"^staff/calendar/turns/(?P<pk>\d{1,12})/(?P<name>decline|resume)/$", nodes.answer, name="answer"
    ),
    path("staff/calendar/reminders/", reminders.index, name="reminders"),
    path("staff/calendar/reminders/new/", reminders.edit, name="reminder_new"),
    path("staff/calendar/reminders/<int:pk>/", reminders.detail, name="reminder"),
    path("staff/calendar/reminders/<int:pk>/edit/", reminders.edit, name="reminder_edit"),
    path("staff/calendar/reminders/<int:pk>/step/", reminders.step, name="reminder_step"),
    path(
        "staff/calendar/reminders/<int:pk>/rounds/<int:round_pk>/", reminders.counts, name="reminder_counts"
    ),
]
