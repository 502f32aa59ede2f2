"""The recipient's phone on the form of a work itself: a letter, a message or a motto for one person is written and sent at once."""

from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from families.letters import actions, queries
from families.letters.forms import LineField, MobileField
from families.works.models import Work
from families.works.parts import Part, PartRefused, register
from portal.accounts.phone_codes import clean_phone
from portal.privacy.masking import mask_phone
from portal.reviews.workflow import WorkflowError

CODE = "recipient"


def _fields() -> dict[str, forms.Field]:
    return {
        "recipient_phone": MobileField(
            label=_("收信人的手机号"), max_length=20, required=False,
            widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            help_text=_("提交后 TA 会收到一条带链接的短信，用验证码打开。现在不知道号码，可以以后在“我的”里寄。"),
        ),
        "recipient_name": LineField(
            label=_("怎么称呼 TA"), max_length=20, required=False,
            widget=forms.TextInput(attrs={"placeholder": _("例如：妈妈"), "autocomplete": "off"}),
            help_text=_("只有您自己看得到。"),
        ),
    }  # fmt: skip


def _check(form: Any, data: dict[str, Any]) -> None:
    """Not one's own number; the rest of what may be wrong with a recipient is known when it is sent."""
    phone = data.get("recipient_phone")
    if not phone:
        if data.get("recipient_name") and "recipient_phone" not in form.errors:
            form.add_error("recipient_phone", _("写了称呼，还没有写手机号；以后再寄的，请把称呼清空。"))
        return
    own = {data.get("guardian_phone") or ""}
    with suppress(ValidationError):
        own.add(clean_phone(data.get("phone") or ""))
    if phone in own:
        form.add_error("recipient_phone", _("这是您自己的手机号，请填收信人的手机号。"))


def _act(*, work: Work, values: dict[str, Any], actor: Any, token: str) -> None:
    phone = values.get("recipient_phone")
    if not phone:
        return
    try:
        actions.send(
            actor=actor, work=work, to_name=values.get("recipient_name") or "", phone=phone, token=token
        )
    except WorkflowError as error:
        raise PartRefused(error.message, "recipient_phone") from error


def _said(work: Work) -> str:
    delivery = queries.of_work(work)
    if delivery is None:
        return ""
    return _("已寄给 %(phone)s，TA 会收到一条短信，打开后您在“我的”里能看到。") % {
        "phone": mask_phone(delivery.phone)
    }


register(
    Part(
        code=CODE, template="families/letters/_recipient.html", fits=queries.can_be_sent, fields=_fields, check=_check,
        act=_act, said=_said,
    )
)  # fmt: skip
