"""The words people agree to, each kept by its digest with the consent, and the words of the messages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONSENT_PROCESSING = _(
    "我已阅读个人信息告知书，同意为本次征集的登记、审核和联系使用我填写的信息；不公开手机号、出生年月和监护人信息。"
)
CONSENT_PUBLICATION = _(
    "我同意按上面选的方式在本网站公开展示这件作品。不勾选也能投稿，公开后可随时撤回，撤回后页面立即撤下。"
)
LICENCE = _(
    "作品是我（我们家）的，著作权仍归我；许可主办方在公益范围内非独家、免费地展览、汇编和宣传，并保留署名。公开之前可以撤回。"
)
CONSENT_WIDER = _("我同意把这件作品改为按新的范围给人看，可以随时再收窄或撤回。")
CONSENT_GUARDIAN = _(
    "我是作者（有几个孩子的，是每个孩子）的监护人，已阅读儿童个人信息保护规则，同意孩子投稿并由我代为填写；我可以随时要求删除。"
)
CONSENT_HOUSEHOLD = _("家里人都知道、都同意：公开时写这个全家署名，可以随时撤回。")

# Every message to a family; no names in it: a phone may be read by others.
SMS: dict[str, Promise] = {
    "received": _("已收到您的作品%(no)s，取回码%(code)s。查看进度：%(url)s"),
    "received_kept": _(
        "您的作品%(no)s已保存，只给收信人看，工作人员看不到。取回码%(code)s。寄给收信人、看回信：%(url)s"
    ),
    "received_paper": _(
        "村（社区）工作人员已为您代录作品%(no)s，取回码%(code)s。查看进度、修改或撤回：%(url)s"
    ),
    "guardian": _("您的孩子向本次征集投了作品%(no)s。如不同意，可在此查看和撤回：%(url)s"),
    "returned": _("作品%(no)s需要修改：%(reason)s。请用手机号登录后修改再交：%(url)s"),
    "rejected": _("作品%(no)s本次未采用：%(reason)s。感谢参与，详情：%(url)s"),
    "accepted": _("作品%(no)s已入选，感谢您分享家风。详情：%(url)s"),
    "awarded": _("作品%(no)s的评审结果已公布，祝贺获奖。详情：%(url)s"),
    "not_awarded": _("作品%(no)s的评审结果已公布，这次没有获奖，感谢您分享家风。详情：%(url)s"),
    "published": _("作品%(no)s已公开展示，可以在这里看到和转发：%(url)s"),
    "taken_down": _("作品%(no)s的公开页面已撤下。原因：%(reason)s。详情：%(url)s"),
    "withdrawn": _("作品%(no)s已按您的要求撤回。详情：%(url)s"),
    "draft": _("草稿已保存，取回码%(code)s，30天内有效。继续填写：%(url)s"),
}
