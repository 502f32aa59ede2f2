"""Reminder campaigns as a list."""

import django_filters
from django.utils.translation import gettext_lazy as _

from campaigns.calendar import reminder_queries
from campaigns.calendar.models import ReminderCampaign
from campaigns.calendar.rules import Channel, ReminderStatus
from portal.ui.lists import Column, ListSpec, Sort, register


class ReminderFilter(django_filters.FilterSet):
    """State, channel, words of the title."""

    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=ReminderStatus.choices, empty_label=_("全部")
    )
    channel = django_filters.ChoiceFilter(label=_("方式"), choices=Channel.choices, empty_label=_("全部"))
    title = django_filters.CharFilter(label=_("名称"), lookup_expr="icontains")

    class Meta:
        model = ReminderCampaign
        fields = ("status", "channel", "title")


REMINDERS = register(
    ListSpec(
        code="reminders",
        title=_("节前提醒"),
        rows=reminder_queries.visible,
        columns=(
            Column("title", _("名称"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("unit", _("发出单位"), lambda row: row.unit.short_name),
            Column("on", _("节日日期"), lambda row: row.on.isoformat(), sort="on"),
            Column("channel", _("方式"), lambda row: row.get_channel_display()),
            Column("audience", _("发给谁"), lambda row: row.get_audience_display()),
            Column("status", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone),
        ),
        sorts=(
            Sort("on", _("日期晚的在前"), ("-on",)),
            Sort("soon", _("日期早的在前"), ("on",)),
        ),
        filterset=ReminderFilter,
        empty_title=_("还没有节前提醒"),
        empty_text=_("节日前会自动备好一份草稿，也可以自己新写一份；批准后到日子自动发。"),
        presets=(
            (_("全部"), ""),
            (_("待审批"), "status=submitted"),
            (_("等待发送"), "status=approved"),
            (_("草稿"), "status=draft"),
        ),
    )
)
