"""Tables of the slice: public stories and their earlier versions."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign
from campaigns.stories.rules import BODY_MOST, LEAD_MOST, TONES, TRANSITIONS, Cover, Kind, Status
from portal.access.scope import UNSCOPED, ScopeRule
from portal.journal.stamped import Edited
from portal.units.models import Unit


class Story(Edited):
    """One page for everybody. `parts` are questions, lessons or sections, by kind: dicts of title, speaker, office,
    text, url (a film or a link)."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = TRANSITIONS

    slug = models.SlugField(_("网址名"), max_length=60, unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind, default=Kind.NEWS)
    title = models.CharField(_("标题"), max_length=80)
    lead = models.CharField(_("导语"), max_length=LEAD_MOST, blank=True)
    body = models.TextField(_("正文"), max_length=BODY_MOST, blank=True)
    parts: Any = models.JSONField(_("小节"), default=list, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("所属主题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stories",
    )
    cover = models.CharField(_("封面"), max_length=30, choices=Cover, blank=True)
    source_name = models.CharField(_("来源"), max_length=60, blank=True)
    source_url = models.URLField(_("来源网址"), max_length=300, blank=True)
    happened_on = models.DateField(_("日期"), null=True, blank=True)
    expires_on = models.DateField(_("到期日"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("文章")
        verbose_name_plural = _("文章")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["-published_at", "-id"], name="story_public", condition=Q(status=Status.PUBLISHED)
            ),
            models.Index(fields=["unit", "-id"], name="story_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return TONES[Status(self.status)]

    @property
    def day(self) -> date | None:
        """The day readers see: when it happened, else when it came out."""
        return self.happened_on or (timezone.localdate(self.published_at) if self.published_at else None)

    @property
    def is_live(self) -> bool:
        """On the public page right now?"""
        return self.status == Status.PUBLISHED and (
            self.expires_on is None or self.expires_on >= timezone.localdate()
        )

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("campaigns:stories:detail", args=[self.slug])

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:stories:staff_detail", args=[self.slug])


class StoryVersion(models.Model):
    """What a story said before a change, and who changed it."""

    scope_rule = UNSCOPED

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("版次"))
    words: Any = models.JSONField(default=dict)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "number"], name="story_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.story_id} v{self.number}"
