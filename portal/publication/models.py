"""One process per piece of content, the copies that stood on public pages, and the list of words to watch."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED, ScopeRule
from portal.publication import registry, rules
from portal.publication.rules import Status
from portal.units.models import Unit

PEOPLE = ("requested_by", "edited_by", "checked_by", "published_by")
PAIRS = [(a, b) for number, a in enumerate(PEOPLE) for b in PEOPLE[number + 1 :]]


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=label, null=True, on_delete=models.PROTECT, related_name="+"
    )


class Publication(models.Model):
    """The way of one piece of content to the public page. The four people differ; the database checks it."""

    scope_rule = ScopeRule(unit="unit", owner="requested_by")
    transitions = rules.TRANSITIONS

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content_type = models.CharField(_("内容"), max_length=30)
    target_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("标题"), max_length=200)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.REQUESTED)
    levels = models.PositiveSmallIntegerField(_("审次"), default=2)
    snapshot: Any = models.JSONField(_("内容快照"), default=dict)
    digest = models.CharField(_("内容摘要"), max_length=64)
    findings: Any = models.JSONField(_("自动标记"), default=list)
    checklist: Any = models.JSONField(_("核对清单"), default=dict)
    # Everybody who wrote, submitted or changed the content; none of them may approve it.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    requested_by = _person(_("送审"))
    edited_by = _person(_("初审"))
    checked_by = _person(_("审核"))
    published_by = _person(_("审发"))
    requested_at = models.DateTimeField(_("送审时间"), default=timezone.now)
    moved_at = models.DateTimeField(_("到这一步的时间"), default=timezone.now)
    public_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    expires_at = models.DateTimeField(_("到期时间"), null=True, blank=True)
    took_down_reason = models.CharField(_("撤下理由"), max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content_type", "target_id"],
                condition=Q(status__in=rules.OPEN),
                name="publication_open_once",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{a}__isnull": True}) | Q(**{f"{b}__isnull": True}) | ~Q(**{a: F(b)}),
                    name=f"publication_{a[:-3]}_not_{b[:-3]}",
                )
                for a, b in PAIRS
            ),
            models.CheckConstraint(condition=Q(levels__in=[2, 3]), name="publication_two_or_three_people"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["content_type", "target_id"], name="publication_target"),
            models.Index(fields=["status", "moved_at"], name="publication_waiting"),
            models.Index(fields=["unit", "status"], name="publication_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> registry.ContentType:
        """What kind of content this is."""
        return registry.get(self.content_type)

    @property
    def target(self) -> Any | None:
        """The content itself, or None when it is gone."""
        return self.kind.find(self.target_id)

    @property
    def staff_url(self) -> str:
        """Its page behind the gate."""
        return reverse("portal:publication:detail", args=[self.public_id])

    @property
    def is_live(self) -> bool:
        """Does it stand on the public page at this moment?"""
        return self.status == Status.PUBLISHED and not self.has_expired(timezone.now())

    def has_expired(self, now: datetime) -> bool:
        """Has its time on the public page ended?"""
        return self.expires_at is not None and self.expires_at <= now

    @property
    def waits_for(self) -> str:
        """The next step in words."""
        if self.status == Status.EDITED:
            return str(_("待审核") if self.levels == 3 else _("待审发"))
        if self.status == Status.CHECKED:
            return str(_("待审发"))
        return str(self.get_status_display())

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return rules.TONES[Status(self.status)]


class PublicCopy(models.Model):
    """What stood on the public page, from when to when; kept after it left the page (design §2.6)."""

    scope_rule = ScopeRule(unit="publication__unit")

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="copies")
    snapshot: Any = models.JSONField()
    digest = models.CharField(max_length=64)
    url = models.CharField(_("网址"), max_length=300)
    from_at = models.DateTimeField(_("上线时间"))
    until_at = models.DateTimeField(_("下线时间"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-from_at"]
        indexes: ClassVar = [models.Index(fields=["until_at"], name="public_copy_until")]

    def __str__(self) -> str:
        return f"{self.url} {self.from_at:%Y-%m-%d %H:%M}"


class WatchWord(models.Model):
    """A word that readers are shown wherever it stands (domain reference §10.7)."""

    class Strength(models.TextChoices):
        """LOOK marks the place; BLOCK does not let the content pass."""

        LOOK = "look", _("提示：请看一眼")
        BLOCK = "block", _("必须改掉才能通过")

    scope_rule = UNSCOPED

    word = models.CharField(_("词语"), max_length=40, unique=True)
    strength = models.CharField(_("处理"), max_length=8, choices=Strength, default=Strength.LOOK)
    note = models.CharField(_("说明或建议写法"), max_length=100, blank=True)
    is_active = models.BooleanField(_("使用中"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["word"]

    def __str__(self) -> str:
        return self.word
