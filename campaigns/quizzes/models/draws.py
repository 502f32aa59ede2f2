"""The prize draw of a paper, and who takes part in it."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.models.attempts import Attempt
from campaigns.quizzes.models.bank import person
from campaigns.quizzes.models.papers import Quiz
from campaigns.quizzes.rules import draw
from campaigns.quizzes.rules.draw import Status
from portal.access.scope import UNSCOPED, ScopeRule
from portal.privacy.fields import EncryptedTextField
from portal.privacy.masking import mask_phone
from portal.units.models import Unit


class Draw(models.Model):
    """`seed` is sealed until the result is published; `commitment` is public before anybody takes part."""

    scope_rule = ScopeRule(unit="unit")
    transitions = draw.TRANSITIONS

    quiz = models.OneToOneField(Quiz, on_delete=models.PROTECT, related_name="draw")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    seed = EncryptedTextField()
    commitment = models.CharField(_("种子摘要"), max_length=64)
    status = models.CharField(
        _("状态"), max_length=12, choices=Status, default=Status.COMMITTED, editable=False
    )
    numbers: Any = models.JSONField(_("参加抽奖的编号"), default=list)
    winners: Any = models.JSONField(_("中奖编号"), default=list)
    drawn_by = person(_("抽取人"))
    drawn_at = models.DateTimeField(_("抽取时间"), null=True)
    confirmed_by = person(_("复核人"))
    confirmed_at = models.DateTimeField(_("复核时间"), null=True)
    notice_until = models.DateField(_("公示截止"), null=True)
    phones_purged_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["status", "notice_until"], name="draw_notice")]

    def __str__(self) -> str:
        return f"{self.quiz} {self.get_status_display()}"

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return self.quiz.staff_url

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return draw.TONES[Status(self.status)]

    @property
    def is_published(self) -> bool:
        """May everybody see the result and the seed?"""
        return self.status in draw.PUBLISHED


class PrizeEntry(models.Model):
    """A number in the draw. pii_level L3: the phone is encrypted and purged after the prizes are handed out."""

    scope_rule = UNSCOPED

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="entries")
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="entry")
    number = models.PositiveIntegerField(_("编号"))
    phone = EncryptedTextField(_("手机号"), blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    phone_shown = models.CharField(max_length=20, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["quiz", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quiz", "number"], name="entry_number_once"),
            models.UniqueConstraint(
                fields=["quiz", "phone_hash"], condition=~models.Q(phone_hash=""), name="entry_phone_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["phone_hash"], name="entry_phone")]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def masked_phone(self) -> str:
        """138****8000, also after the number was purged."""
        return self.phone_shown or mask_phone(self.phone)
