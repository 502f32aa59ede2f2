"""Messages inside the site, the outbox, and what each person wants to receive."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED, ScopeRule
from portal.accounts.phone_codes import masked
from portal.journal.models import JournalEntry
from portal.notifications import rules
from portal.notifications.rules import Channel, EmailMode, State
from portal.privacy.fields import EncryptedTextField
from portal.units.models import Unit


class Message(models.Model):
    """One line in a person's bell. Written once per journal entry, or once per key."""

    scope_rule = UNSCOPED  # everybody reads their own, through queries.messages_of

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    entry = models.ForeignKey(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=160, null=True)
    title = models.CharField(_("标题"), max_length=200)
    text = models.CharField(_("内容"), max_length=500, blank=True)
    url = models.CharField(_("网址"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(_("已读"), null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "entry"], name="message_once_per_entry"),
            models.UniqueConstraint(fields=["user", "key"], name="message_once_per_key"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "read_at"], name="message_unread"),
            models.Index(fields=["user", "-created_at"], name="message_newest"),
            models.Index(fields=["key"], name="message_key"),
        ]

    def __str__(self) -> str:
        return self.title


class Outgoing(models.Model):
    """One e-mail or short message. Address and text are encrypted; lists show them masked."""

    scope_rule = ScopeRule(unit="unit")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(_("方式"), max_length=8, choices=Channel)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    to = EncryptedTextField(_("收件人"))
    to_hash = models.CharField(max_length=64, db_index=True)
    subject = models.CharField(_("主题"), max_length=200, blank=True)
    text = EncryptedTextField(_("内容"), blank=True)
    parts = models.PositiveSmallIntegerField(_("条数"), default=1)
    is_secret = models.BooleanField(_("内容保密"), default=False)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    send_after = models.DateTimeField(_("不早于"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    claim = models.CharField(max_length=36, blank=True)
    claimed_at = models.DateTimeField(null=True)
    error = models.CharField(_("失败原因"), max_length=300, blank=True)
    reference = models.CharField(_("回执号"), max_length=120, blank=True)
    key = models.CharField(max_length=160, unique=True, null=True)
    created_at = models.DateTimeField(_("时间"), default=timezone.now)
    sent_at = models.DateTimeField(_("发出时间"), null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "send_after"], name="outgoing_due"),
            models.Index(fields=["unit", "-created_at"], name="outgoing_unit"),
            models.Index(fields=["about_type", "about_id"], name="outgoing_about"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.masked_to}"

    @property
    def masked_to(self) -> str:
        """The address as lists show it."""
        return masked(self.to) if self.channel == Channel.SMS else rules.masked_email(self.to)

    @property
    def shown_text(self) -> str:
        """The text as the outbox shows it: codes stay hidden, except in a demo."""
        if self.is_secret and not (settings.DEMO and self.text):
            return str(_("（验证码，内容不显示）"))
        return self.text

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return rules.TONES[State(self.state)]

    @property
    def staff_url(self) -> str:
        """Its page in the outbox."""
        return reverse("portal:notifications:outgoing", args=[self.public_id])


class Preference(models.Model):
    """What one person wants outside the site. In the site everything is shown."""

    scope_rule = UNSCOPED

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    email = models.CharField(_("邮件提醒"), max_length=8, choices=EmailMode, default=EmailMode.DIGEST)
    sms = models.BooleanField(_("要紧的事发短信"), default=False)
    festival = models.BooleanField(_("节前廉洁提醒发短信"), default=True)
    quiet = models.BooleanField(_("21:00—次日 8:00 不发邮件和短信"), default=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class BadAddress(models.Model):
    """An address at which three messages in a row failed: the unit finds out the right one."""

    scope_rule = ScopeRule(unit="unit")

    channel = models.CharField(_("方式"), max_length=8, choices=Channel)
    to_hash = models.CharField(max_length=64)
    masked_to = models.CharField(_("地址"), max_length=120)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    error = models.CharField(_("最近一次失败原因"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("发现时间"), default=timezone.now)
    settled_at = models.DateTimeField(_("处理时间"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "to_hash"],
                condition=models.Q(settled_at__isnull=True),
                name="bad_address_open_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "settled_at"], name="bad_address_unit")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.masked_to}"

    @property
    def staff_url(self) -> str:
        """Where it is settled."""
        return reverse("portal:notifications:address", args=[self.pk])
