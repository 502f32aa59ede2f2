"""Tag sets: the theme frames as lists of words."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from campaigns.planning import actions, queries
from campaigns.planning.forms import TagFormSet, TagSetForm
from portal.access.gate import allow
from portal.access.permissions import Perm


@allow(Perm.CAMPAIGN_EDIT)
def index(request: Any) -> HttpResponse:
    """The sets this person keeps."""
    return render(
        request, "campaigns/planning/tag_sets.html", {"tag_sets": queries.tag_sets_to_edit(request.scope)}
    )


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def edit(request: Any, pk: int | None = None) -> HttpResponse:
    """A set with all its tags on one page."""
    rows = queries.tag_sets_to_edit(request.scope)
    known = request.scope.get(rows, Perm.CAMPAIGN_EDIT, pk=pk) if pk is not None else None
    form = TagSetForm(request.POST or None, instance=known, scope=request.scope)
    if known is not None:
        form.watch()
    start = (
        [{"pk": tag.pk, "name": tag.name, "is_retired": tag.is_retired} for tag in known.tags.all()]
        if known
        else []
    )
    tags = TagFormSet(request.POST or None, initial=None if request.POST else start, prefix="tags")
    if request.method == "POST" and form.is_valid() and tags.is_valid():
        said = form.cleaned_data
        try:
            save = partial(
                actions.save_tag_set,
                actor=request.user,
                unit=known.unit if known else said["unit"],
                name=said["name"],
                note=said["note"],
                tags=tags.rows,
                tag_set=request.scope.get(rows, Perm.CAMPAIGN_EDIT, pk=pk) if known else None,
            )
            if (form.write(save) if known else save()) is not None:
                messages.success(request, _("标签组“%(name)s”已保存。") % said)
                return redirect("campaigns:planning:tag_sets")
        except IntegrityError:
            form.add_error("name", _("已有同名的标签组，或组里两个标签同名。"))
    return render(request, "campaigns/planning/tag_set.html", {"form": form, "tags": tags, "known": known})
