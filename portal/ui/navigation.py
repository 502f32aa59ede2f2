"""Links of the public site. Only addresses that a slice serves are shown."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Link:
    """One public link."""

    path: str
    label: str | Promise
    icon: str = ""


MAIN = (
    Link("/", _("首页"), "house-door"),
    Link("/works/", _("作品征集"), "palette"),
    Link("/activities/", _("活动动态"), "calendar2-event"),
    Link("/campaigns/", _("主题活动"), "flag"),
    Link("/honours/", _("清廉家庭"), "award"),
    Link("/stories/", _("家风故事"), "book"),
    Link("/pledges/", _("助廉承诺"), "house-heart"),
    Link("/notices/", _("公示公告"), "megaphone"),
)
TABS = (
    Link("/", _("首页"), "house-door"),
    Link("/works/", _("投稿"), "pencil-square"),
    Link("/activities/", _("活动"), "calendar2-event"),
    Link("/pledges/", _("承诺"), "house-heart"),
    Link("/me/", _("我的"), "person"),
)
TAKE_PART = (
    Link("/works/", _("作品投稿")),
    Link("/works/resume/", _("找回草稿和投稿")),
    Link("/speakers/apply/", _("报名家风宣讲员")),
    Link("/talks/request/", _("预约一场宣讲")),
    Link("/quizzes/", _("知识问答")),
    Link("/venues/", _("参观阵地、预约到访")),
    Link("/volunteers/join/", _("加入志愿服务")),
    Link("/me/", _("我的提交与授权")),
)
HELP = (
    Link("/accessibility/", _("无障碍说明")),
    Link("/privacy/", _("个人信息保护")),
    Link("/complaints/", _("意见与投诉")),
    Link("/search/", _("站内搜索")),
)
GROUPS = {"main": MAIN, "tabs": TABS, "take_part": TAKE_PART, "help": HELP}
