"""The words people agree to, each kept by its digest with the consent, and the words of the messages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONSENT_PROCESSING = _(
    "我已阅读个人信息告知书，同意为登记、核对和统计这份承诺使用我填写的信息；不公开姓名全称、手机号和签名笔迹，保存三年后清除。"
)
CONSENT_DISPLAY = _("我同意在承诺墙上显示隐去名字的姓氏（如“李**”）。不勾选也能签，随时可以撤下。")
CONSENT_DISPLAY_CHILD = _(
    "我同意在承诺墙上显示孩子的姓（如“李同学”），不显示名字。不勾选也能签，随时可以撤下。"
)
CONSENT_GUARDIAN = _(
    "我是孩子的监护人，已阅读儿童个人信息保护规则，同意由我带着孩子签署这份承诺；我可以随时要求删除。"
)

# No names in a message: a phone may be read by others.
SMS: dict[str, Promise] = {
    "signed": _("您的家庭助廉承诺（编号%(no)s）已收到，感谢您。查看、下载或撤回：%(url)s"),
    "withdrawn": _("承诺%(no)s已按您的要求撤回。"),
}
