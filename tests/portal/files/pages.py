"""A page with a form as slices build them, for the browser test."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from portal.access.gate import public
from portal.drafts.rescue import initial_from_restore
from portal.files.captioning import CaptionsField
from portal.files.fields import FilesFormMixin, MediaField, PhotosField
from portal.files.rules import Limits, media_limits
from portal.ui.forms import PortalForm

PAGE = """{% extends "base_public.html" %}{% load crispy_forms_tags %}
{% block title %}Form{% endblock %}{% block page_title %}Form{% endblock %}
{% block content %}<div class="wrap">{% if sent is not None %}<p id="sent">{{ sent }}</p>{% endif %}
<form method="post" enctype="multipart/form-data">{% csrf_token %}{% crispy form %}
{% include "drafts/_keep.html" with code="sample" %}
<button id="send" class="q-btn q-btn--primary">OK</button></form></div>{% endblock %}"""


class SampleForm(FilesFormMixin, PortalForm):
    """One line of text and up to three pictures."""

    title = forms.CharField(label="标题", required=False)
    photos = PhotosField(label="照片", required=False, limits=Limits(3, 1))

    def clean_title(self) -> str:
        """Only the server knows this one."""
        if len(self.cleaned_data["title"]) < 2:
            raise forms.ValidationError("标题至少两个字。")
        return str(self.cleaned_data["title"])


class FilmForm(FilesFormMixin, PortalForm):
    """A film of at least 720 lines with its captions."""

    title = forms.CharField(label="标题", min_length=2)
    recording = MediaField(label="视频", required=False, limits=media_limits(least=(1280, 720)))
    captions = CaptionsField()


@public
def film(request: HttpRequest) -> HttpResponse:
    """Answers with the length of the captions that would be kept."""
    form = FilmForm(request.POST or None, request.FILES or None, actor=request.user)
    sent = len(form.cleaned_data["captions"]) if request.method == "POST" and form.is_valid() else None
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form, "sent": sent}, request))


@public
def sample(request: HttpRequest) -> HttpResponse:
    """Answers with the number of pictures that would be attached."""
    context: dict[str, Any] = {"sent": None}
    initial = initial_from_restore(request, "sample")
    form = SampleForm(request.POST or None, request.FILES or None, actor=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        context["sent"] = len(form.cleaned_data["photos"].staged)
    context["form"] = form
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [path("sample/", sample), path("film/", film), path("", include("portal.urls"))]
