"""What the journal says about accounts."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("account.signed_in", _("登录了")),
    Verb("account.signed_out", _("退出了登录")),
    Verb("account.session_expired", _("登录到时自动退出")),
    Verb("account.sign_in_failed", _("登录失败")),
    Verb("account.locked", _("连续输错密码被锁定")),
    Verb("account.created", _("开通了账号")),
    Verb("account.profile_changed", _("修改了个人资料")),
    Verb("account.phone_changed", _("更换了手机号")),
    Verb("account.password_changed", _("修改了密码")),
    Verb("account.password_forgotten", _("用手机验证码重置了密码")),
    Verb("account.link_made", _("生成了开通或重置链接")),
    Verb("account.link_used", _("用一次性链接设置了密码")),
    Verb("account.link_revoked", _("撤回了开通或重置链接")),
    Verb("account.second_factor_on", _("开通了两步验证")),
    Verb("account.second_factor_off", _("关闭了两步验证")),
    Verb("account.second_factor_failed", _("动态码输入错误")),
    Verb("account.second_factor_reset", _("重置了他人的两步验证")),
    Verb("account.recovery_codes_renewed", _("换了一批备用码")),
    Verb("account.device_ended", _("结束了其他设备的登录")),
    Verb("account.disabled", _("停用了账号")),
    Verb("account.enabled", _("恢复了账号")),
)
