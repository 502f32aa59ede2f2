"""Addresses of the inbox and of judging."""

from django.urls import path

from portal.reviews import views
from portal.reviews.judging.views import judge, media, staff

urlpatterns = [
    path("staff/inbox/", views.inbox_page, name="inbox"),
    path("judge/", judge.home, name="judge"),
    path("judge/profile/", judge.profile, name="judge_profile"),
    path("judge/ties/<uuid:ref>/", judge.ties, name="chair_ties"),
    path("judge/<uuid:ref>/", judge.sheet, name="sheet"),
    path("judge/<uuid:ref>/recuse/", judge.recuse, name="recuse"),
    path("judge/<uuid:ref>/<slug:kind>/<int:number>/", media.of_sheet, name="sheet_file"),
    path("judge/ties/<uuid:ref>/<int:place>/<slug:kind>/<int:number>/", media.of_chair, name="chair_file"),
    path("staff/judging/", staff.index, name="stages"),
    path("staff/judging/<uuid:ref>/", staff.stage, name="stage"),
    path("staff/judging/<uuid:ref>/panel/", staff.panel, name="stage_panel"),
    path("staff/judging/<uuid:ref>/criteria/", staff.criteria, name="stage_criteria"),
    path("staff/judging/<uuid:ref>/ties/", staff.ties, name="stage_ties"),
    path("staff/judging/<uuid:ref>/late/", staff.late, name="stage_late"),
    path(
        "staff/judging/<uuid:ref>/ties/<int:place>/<slug:kind>/<int:number>/",
        media.of_office,
        name="stage_file",
    ),
    path("staff/judging/<uuid:ref>/<slug:name>/", staff.step, name="stage_step"),
]
