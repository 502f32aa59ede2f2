"""Forms of staff: typing in a paper entry, reasons. The form of a call stands in `families.calls`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.works.forms.fields import TOO_LONG
from families.works.forms.submit import WorkForm
from families.works.rules import Audience, TakedownReason
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files import captions
from portal.files.captioning import CaptionsField
from portal.files.fields import PhotosField
from portal.files.rules import Limits, default_limits
from portal.ui.forms import PortalForm
from portal.ui.text import count_chars

TRANSCRIPT_MAX = 3000


class PaperForm(WorkForm):
    """The family's form with the scan of the paper and of the signed consent."""

    scan = PhotosField(
        label=gettext_lazy("纸质稿和签字同意书"), limits=Limits(6, default_limits().megabytes), captions=False,
        help_text=gettext_lazy("拍照或扫描；只有代录人和审核人员能看到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        self.scope = scope
        super().__init__(*args, paper=True, **kwargs)
        audience: Any = self.fields[
            "audience"
        ]  # who types it in has read it: it cannot be for its recipient only
        audience.choices = [one for one in audience.choices if one[0] != Audience.ONLY_RECIPIENT]
        self.fields["scan"].required = kwargs.get("target") is None
        self.fields["scan"].error_messages["required"] = _("请拍照或扫描纸质稿和签字同意书后上传。")

    def _clean_village(self, data: dict[str, Any]) -> None:
        super()._clean_village(data)
        area = data.get("area")
        if area is not None and not self.scope.may(Perm.WORK_ENTER, area):
            self.add_error("area", _("您只能为本单位范围内的家庭代录，请重新选择乡镇和村（社区）。"))


class WordsForm(PortalForm):
    """What is said in a sound or film, written down by a reviewer."""

    transcript = forms.CharField(
        label=gettext_lazy("文字稿"), required=False, max_length=20_000, strip=True,
        widget=forms.Textarea(attrs={"rows": 5, "data-count": "", "data-max": TRANSCRIPT_MAX}),
        help_text=gettext_lazy("念的、唱的、说的是什么；没有人说话的，写一句画面或曲子是什么。"),
    )  # fmt: skip
    captions = CaptionsField()

    def __init__(self, *args: Any, seconds: float = 0, **kwargs: Any) -> None:
        self.seconds = seconds
        super().__init__(*args, **kwargs)

    def clean_transcript(self) -> str:
        """Counted the Chinese way."""
        text = str(self.cleaned_data["transcript"])
        count = count_chars(text)
        if count > TRANSCRIPT_MAX:
            raise ValidationError(
                TOO_LONG % {"count": count, "extra": count - TRANSCRIPT_MAX, "most": TRANSCRIPT_MAX},
                code="too_long",
            )
        return text

    def clean_captions(self) -> str:
        """As long as the sound or film at most."""
        track = str(self.cleaned_data["captions"])
        if track and self.seconds:
            try:
                captions.check_length(captions.read(str(self["captions"].data or "")), self.seconds)
            except captions.CaptionsError as error:
                raise ValidationError(error.faults) from error
        return track


class ReasonForm(PortalForm):
    """A reason that the other side reads."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("作者会在短信和“我的”里看到。"),
    )  # fmt: skip


class TakedownForm(ReasonForm):
    """Why a page goes down."""

    why = forms.ChoiceField(
        label=gettext_lazy("原因"),
        choices=[choice for choice in TakedownReason.choices if choice[0] != TakedownReason.AUTHOR],
    )
