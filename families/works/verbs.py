"""What the journal says about works."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("call.saved", _("保存了征集启事")),
    Verb("call.opened", _("发布了征集启事")),
    Verb("call.closed", _("提前结束了征集")),
    Verb("work.submitted", _("提交了作品，等待初核"), tell=Perm.WORK_REVIEW),
    Verb("work.kept", _("作者把作品只留给收信人")),
    Verb("work.edited", _("修改了作品")),
    Verb("work.words_written", _("补写了文字稿或字幕")),
    Verb("work.checked", _("初核通过了作品")),
    Verb("work.returned", _("退回了作品")),
    Verb("work.rejected", _("未采用作品")),
    Verb("work.accepted", _("作品入选")),
    Verb("work.judging", _("作品进入评审")),
    Verb("work.proposed", _("作品列入拟获奖名单")),
    Verb("work.unproposed", _("作品移出拟获奖名单")),
    Verb("work.publicity", _("作品进入公示")),
    Verb("work.struck", _("公示期间移出了作品")),
    Verb("work.awarded", _("公布了获奖作品")),
    Verb("work.not_awarded", _("公布了未获奖作品")),
    Verb("work.claimed", _("凭回执认领了代录的作品")),
    Verb("work.withdrawn", _("作者撤回了作品")),
    Verb("work.put_back", _("作者恢复了撤回的作品，等待初核"), tell=Perm.WORK_REVIEW),
    Verb("work.audience_changed", _("作者改了公开范围")),
    Verb("work.taken_down", _("撤下了作品页面")),
    Verb("work.revealed", _("查看了作者的真实信息")),
    Verb("work.erased", _("删除了作品和个人信息")),
    Verb("work.exported", _("导出了作品名单")),
)
