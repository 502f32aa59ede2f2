"""What the journal says about initiatives and pledges."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("initiative.saved", _("起草了倡议书")),
    Verb("initiative.submitted", _("把倡议书送审")),
    Verb("initiative.recalled", _("撤回了倡议书的送审")),
    Verb("initiative.published", _("公开了倡议书")),
    Verb("initiative.returned", _("退回了倡议书")),
    Verb("initiative.taken_down", _("撤下了倡议书")),
    Verb("initiative.handed_out", _("登记了倡议书发放份数")),
    Verb("pledge_template.saved", _("起草了承诺书")),
    Verb("pledge_template.submitted", _("把承诺书送审")),
    Verb("pledge_template.recalled", _("撤回了承诺书的送审")),
    Verb("pledge_template.published", _("公开了承诺书")),
    Verb("pledge_template.returned", _("退回了承诺书")),
    Verb("pledge_template.replaced", _("承诺书由新版代替")),
    Verb("pledge_template.taken_down", _("撤下了承诺书")),
    Verb("pledge_template.closed", _("停用了承诺书")),
    Verb("pledge.signed", _("签署了承诺书")),
    Verb("pledge.withdrawn", _("撤回了承诺")),
    Verb("pledge.wall_left", _("从承诺墙撤下了名字")),
    Verb("pledge.batch_entered", _("登记了纸质承诺")),
    Verb("pledge.batch_corrected", _("更正了纸质承诺的登记")),
    Verb("pledge.voided", _("作废了一条签订记录")),
    Verb("pledge.identity_read", _("查看了签署人身份")),
    Verb("pledge.ledger_exported", _("导出了承诺倡议台账")),
    Verb("pledge.erased", _("清除了签署人的个人信息")),
)
