"""The receipt of a signed pledge as PDF."""

import base64

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from campaigns.pledges.models import PledgeSignature
from portal import typeset


def receipt(signature: PledgeSignature) -> bytes:
    """One A4 page with clauses, signer, drawn signature and the digest of the text. Raises typeset.TypesetError."""
    template, counted = signature.template, signature.record
    facts = [
        (_("编号"), counted.no),
        (_("承诺人"), signature.signer_name),
        (_("家庭人数"), str(signature.members)) if template.is_for_households else None,
        (_("监护人"), signature.guardian_name) if signature.guardian_name else None,
        (_("监督人"), f"{signature.supervisor_name}（{signature.supervisor_relation}）")
        if signature.supervisor_name
        else None,
        (_("所在地方"), counted.unit.short_name),
        (_("签署时间"), date_format(timezone.localtime(counted.signed_at), _("Y年n月j日 H:i"))),
        (_("签署方式"), counted.get_method_display()),
        None if counted.is_valid else (_("状态"), counted.get_status_display()),
    ]
    data = {
        "title": template.title,
        "subtitle": f"{template.unit.name} · " + _("第 %(n)d 版") % {"n": template.version},
        "intro": template.intro,
        "clauses": template.clauses,
        "facts": [fact for fact in facts if fact],
        "signed": bool(signature.sign_image),
        "sign_label": _("签名"),
        "digest_label": _("文本摘要（SM3）："),
        "digest": signature.doc_hash,
        "footer": settings.SITE["name"] + " · " + _("本页由签署人凭手机验证码下载，仅供本人留存。"),
    }
    pictures = {"sign.png": base64.b64decode(signature.sign_image)} if signature.sign_image else None
    return typeset.pdf("pledges/receipt.typ", data, pictures=pictures)
