"""The outbox as a list."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import vault
from portal.notifications import queries
from portal.notifications.models import Outgoing
from portal.notifications.rules import Channel, State
from portal.ui.lists import Column, ListSpec, Sort, choice, register


class OutgoingFilter(django_filters.FilterSet):
    """State, channel, recipient in full, time."""

    state = django_filters.ChoiceFilter(label=_("状态"), choices=State.choices, empty_label=_("全部"))
    channel = django_filters.ChoiceFilter(label=_("方式"), choices=Channel.choices, empty_label=_("全部"))
    since = django_filters.DateFilter(
        label=_("写入日期从"), field_name="created_at", lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    until = django_filters.DateFilter(
        label=_("到"), field_name="created_at", lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    to = django_filters.CharFilter(label=_("完整手机号或邮箱"), method="sent_to")

    class Meta:
        model = Outgoing
        fields = ("state", "channel", "since", "until", "to")

    def sent_to(self, rows: QuerySet[Outgoing], name: str, value: str) -> QuerySet[Outgoing]:
        """Addresses are encrypted: only the whole one is found."""
        plain = value.strip().replace(" ", "")
        digests = [vault.keyed_hash(plain, purpose="phone"), vault.keyed_hash(plain.lower(), purpose="email")]
        return rows.filter(to_hash__in=digests)


def _when(row: Outgoing) -> str:
    return timezone.localtime(row.sent_at or row.created_at).strftime("%Y-%m-%d %H:%M")


SPEC = register(
    ListSpec(
        code="outbox",
        title=_("发件箱"),
        rows=queries.outbox,
        columns=(
            Column("to", _("收件人"), lambda row: row.masked_to, link=lambda row: row.staff_url),
            Column("channel", _("方式"), choice("channel")),
            Column("text", _("内容"), lambda row: row.subject or row.shown_text[:40]),
            Column("state", _("状态"), choice("state"), tone=lambda row: row.tone),
            Column("error", _("失败原因"), lambda row: row.error[:60]),
            Column("when", _("时间"), _when, sort="newest"),
        ),
        sorts=(
            Sort("newest", _("最近的在前"), ("-created_at",)),
            Sort("oldest", _("最早的在前"), ("created_at",)),
        ),
        filterset=OutgoingFilter,
        bulk=True,
        export=False,
        empty_title=_("还没有发出过邮件或短信"),
        empty_text=_("每一条外发消息都会先记在这里，再发出去。"),
        presets=(
            (_("全部"), ""),
            (_("发送失败"), "state=failed"),
            (_("等待发送"), "state=queued"),
            (_("草稿"), "state=draft"),
        ),
    )
)
