"""Words for the field names that forms of the portal use, for pages that show typed text without its form."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELD_LABELS: dict[str, Promise | str] = {
    "title": _("标题"),
    "text": _("正文"),
    "story": _("背后的故事"),
    "summary": _("一句话经过"),
    "body": _("内容"),
    "content": _("内容"),
    "comment": _("意见"),
    "reason": _("理由"),
    "note": _("备注"),
    "category": _("类别"),
    "campaign": _("所属活动"),
    "kind": _("类型"),
    "starts_at": _("开始时间"),
    "ends_at": _("结束时间"),
    "place": _("地点"),
    "form": _("形式"),
    "headcount": _("参加人数"),
    "online_visits": _("线上人次"),
    "households": _("参与户数"),
    "author_name": _("作者姓名"),
    "birth_ym": _("出生年月"),
    "phone": _("手机号"),
    "area": _("所在地"),
    "licence": _("作品授权"),
    "audience": _("可见范围"),
    "guardian_name": _("监护人姓名"),
    "guardian_phone": _("监护人电话"),
    "name": _("姓名"),
    "email": _("邮箱"),
    "address": _("地址"),
    "username": _("用户名"),
}
