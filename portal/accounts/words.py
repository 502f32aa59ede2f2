"""Sentences sent to people about their accounts."""

from django.utils.translation import gettext_lazy as _

PASSWORD_CHANGED = _("您的密码刚刚修改过。如果不是您本人操作，请马上联系管理员。")
INVITED = _(
    "%(name)s，您好：已为您开通“%(site)s”账号，用户名 %(username)s。请在 7 天内打开链接设置密码：%(link)s"
)
RESET = _("%(name)s，您好：管理员为您重置了密码。请在 24 小时内打开链接设置新密码：%(link)s")
SECOND_FACTOR_RESET = _(
    "您的两步验证已由 %(actor)s 重置，下次登录请重新绑定。如果不是您要求的，请马上联系管理员。"
)
DISABLED = _("您的账号已停用：%(reason)s")
