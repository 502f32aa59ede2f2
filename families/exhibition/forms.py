"""Forms of staff: an issue, an outward selection, looking for a name."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.exhibition import queries
from families.exhibition.models import Issue, Outward
from families.exhibition.rules import Result
from portal.access.scope import Scope
from portal.accounts.phone_codes import clean_phone
from portal.ui.forms import PortalForm, PortalModelForm


class IssueForm(PortalModelForm):
    """Words and cover; a new one also says of what it is an issue."""

    class Meta:
        model = Issue
        fields = ("series", "call", "number", "title", "intro", "cover", "cover_work")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["intro"].widget.attrs |= {"rows": 4, "data-count": "", "data-max": 600}
        if self.instance.pk:
            for name in ("series", "call", "number"):
                del fields[name]
            ids = [place.work_id for place in queries.places_of(self.instance)]
            fields["cover_work"].queryset = fields["cover_work"].queryset.filter(pk__in=ids)
            fields["cover_work"].help_text = _("选一件有图片的作品；不选就用上面的图案。")
        else:
            del fields["cover_work"]
            fields["series"].queryset = queries.series_for(scope)
            fields["series"].help_text = _("属于系列的，发布后系列的进度跟着走，例如“已展播 8 / 10 期”。")
            fields["call"].queryset = queries.calls_for(scope)
            fields["call"].help_text = _("选了征集，就只从这次征集的作品里挑。")
            fields["number"].required = False
            fields["number"].help_text = _("不填就接着上一期。")

    def clean(self) -> dict[str, Any]:
        """A call or a series."""
        data = super().clean() or self.cleaned_data
        if not self.instance.pk and not data.get("call") and not data.get("series"):
            self.add_error("call", _("请选择征集或系列。"))
        if "number" in data and data["number"] == 0:
            self.add_error("number", _("期号从 1 开始。"))
        return data


class OutwardForm(PortalModelForm):
    """Where to, when, what became of it."""

    class Meta:
        model = Outward
        fields = ("exhibition", "organiser", "place", "held_on", "result", "award", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exhibition"].help_text = _("例如“清风颂”廉政书画展")
        self.fields["held_on"].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        """An award needs its name."""
        data = super().clean() or self.cleaned_data
        if data.get("result") == Result.AWARDED and not data.get("award"):
            self.add_error("award", _("请写获了什么奖。"))
        return data


class SearchForm(PortalForm):
    """A name, a phone, or both."""

    name = forms.CharField(
        label=gettext_lazy("姓名"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("写全名。投稿人、作者、监护人都会查。"),
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def clean_name(self) -> str:
        """At least two characters: one would find half the site."""
        name = " ".join(self.cleaned_data["name"].split())
        if name and len(name) < 2:
            raise ValidationError(_("请写全名，至少两个字。"))
        return name

    def clean_phone(self) -> str:
        """A mobile number, when given."""
        phone = self.cleaned_data["phone"].strip()
        return clean_phone(phone) if phone else ""

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("name") and not data.get("phone"):
            self.add_error("name", _("请填姓名或手机号。"))
        return data
