"""A person's data as people read them: the plain data of the sources (`registry.DataSource`) in words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What the sources call things, in the words of the forms.
LABELS = {
    "no": gettext_lazy("编号"), "call": gettext_lazy("征集"), "category": gettext_lazy("类别"),
    "title": gettext_lazy("标题"), "text": gettext_lazy("正文"), "story": gettext_lazy("背后的故事"),
    "extra": gettext_lazy("其他内容"), "authors": gettext_lazy("作者"), "name": gettext_lazy("姓名"),
    "pen_name": gettext_lazy("笔名"), "birth_ym": gettext_lazy("出生年月"), "role": gettext_lazy("分工"),
    "household": gettext_lazy("全家署名"), "household_agreed": gettext_lazy("家人同意公开全家署名"),
    "instructors": gettext_lazy("指导老师"), "phone": gettext_lazy("手机号"), "guardian_name": gettext_lazy("监护人姓名"),
    "guardian_phone": gettext_lazy("监护人手机号"), "guardian": gettext_lazy("监护人"), "area": gettext_lazy("所在地"),
    "audience": gettext_lazy("谁能看到"), "status": gettext_lazy("状态"), "publish_state": gettext_lazy("公开情况"),
    "submitted_at": gettext_lazy("提交时间"), "published_at": gettext_lazy("公开时间"),
    "entered_by_staff": gettext_lazy("由工作人员代录"), "consents": gettext_lazy("同意记录"), "type": gettext_lazy("种类"),
    "given_at": gettext_lazy("同意时间"), "withdrawn_at": gettext_lazy("撤回时间"), "notice": gettext_lazy("告知书版本"),
    "history": gettext_lazy("经过"), "at": gettext_lazy("时间"), "to": gettext_lazy("到"), "reason": gettext_lazy("理由"),
    "captions": gettext_lazy("字幕"), "media": gettext_lazy("录音和视频"), "photos": gettext_lazy("照片"),
    "sent_at": gettext_lazy("寄出时间"), "opened_at": gettext_lazy("打开时间"), "replied": gettext_lazy("已回信"),
    "to_name": gettext_lazy("收信人"), "lettering": gettext_lazy("字样"), "pattern": gettext_lazy("图案"),
    "unit": gettext_lazy("单位"), "printed_at": gettext_lazy("打印时间"), "pledge": gettext_lazy("承诺书"),
    "clauses": gettext_lazy("条款"), "signer": gettext_lazy("签署人"), "relation": gettext_lazy("关系"),
    "members": gettext_lazy("家庭成员"), "supervisor": gettext_lazy("监督人"), "signed_at": gettext_lazy("签署时间"),
    "method": gettext_lazy("方式"), "on_wall": gettext_lazy("上承诺墙"), "drawn": gettext_lazy("手写签名"),
    "digest_sm3": gettext_lazy("文本摘要（SM3）"), "quiz": gettext_lazy("问答"), "number": gettext_lazy("号码"),
    "entered_at": gettext_lazy("登记时间"), "venue": gettext_lazy("阵地"), "when": gettext_lazy("时间"),
    "org": gettext_lazy("单位"), "headcount": gettext_lazy("人数"), "contact": gettext_lazy("联系人"),
}  # fmt: skip

Line = tuple[str, list[str]]


def lines_of(row: Mapping[str, Any]) -> list[Line]:
    """(what it is, its values) of one record; what is empty is left out."""
    return [(label(key), texts) for key, value in row.items() if (texts := _texts(value))]


def label(key: str) -> str:
    """The words for a key; a key nobody named stands as it is."""
    return str(LABELS.get(key, key))


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return ["；".join(f"{name}：{'、'.join(texts)}" for name, texts in lines_of(value))] if value else []
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [text] if (text := _text(value)) else []
    return [text for one in value for text in _texts(one) if text]


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "Y-m-d H:i")
    return date_format(value, "Y-m-d") if isinstance(value, date) else str(value)
