"""What the journal says about awards."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("awards.drafted", _("按比例拟了获奖名单")),
    Verb("awards.changed", _("调整了拟获奖名单")),
    Verb("awards.proposed", _("送审拟获奖名单，等待审定"), tell=Perm.JUDGING_DECIDE),
    Verb("awards.returned", _("退回了拟获奖名单"), tell=Perm.JUDGING_MANAGE),
    Verb("awards.publicity", _("审定并公示了拟获奖名单")),
    Verb("awards.struck", _("公示期间移出了作品")),
    Verb("awards.unit_struck", _("公示期间移出了优秀组织奖单位")),
    Verb(
        "awards.unit_in_doubt",
        _("单位的获奖作品后来移出或撤回，请决定优秀组织奖移出还是保留"),
        tell=Perm.JUDGING_DECIDE,
    ),
    Verb("awards.unit_kept", _("公示期间保留了优秀组织奖单位")),
    Verb("awards.unit_awarded", _("公布：本单位获优秀组织奖"), tell=Perm.POLICY_RECEIVE),
    Verb("awards.exported", _("导出了获奖名单")),
    Verb("awards.announced", _("公布了评审结果")),
)
