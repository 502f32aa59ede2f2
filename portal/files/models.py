"""One uploaded file: first staged under the token of a form, later attached to the thing it belongs to."""

import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.core.signing import Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED
from portal.files import media, rules

STAGED_SIGNER = "files.staged"
HEAVY_LOAD = 10 * rules.MEGABYTE


class StoredFile(models.Model):
    """Who may see it is decided by what it is attached to (`serving.register`), so it has no scope itself.

    `state` tells how far the bytes are, `target_*` whether somebody uses them: a form can be sent while
    its pictures are still being processed. Sound and video arrive in parts (`PartialUpload`) and become a
    row here when the last part is there; the job then makes a copy without metadata out of the parts.
    """

    class Kind(models.TextChoices):
        """What the bytes are."""

        IMAGE = "image", _("图片")
        AUDIO = "audio", _("音频")
        VIDEO = "video", _("视频")
        DOCUMENT = "document", _("文档")

    class State(models.TextChoices):
        """How far the bytes are."""

        STAGED = "staged", _("已上传")
        PROCESSING = "processing", _("处理中")
        READY = "ready", _("可用")
        FAILED = "failed", _("处理失败")
        DELETED = "deleted", _("已删除")

    scope_rule = UNSCOPED

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices, default=Kind.IMAGE)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.STAGED)
    failure = models.CharField(max_length=20, blank=True)
    original_name = models.CharField(_("原文件名"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    # Of sound and film: what sounds and shows, without its tags. Of a film, `phash` is that of its cover.
    essence = models.CharField(max_length=64, blank=True)
    phash = models.CharField(max_length=16, blank=True, db_index=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    seconds = models.FloatField(_("时长(秒)"), null=True, blank=True)

    raw_path = models.CharField(max_length=120, blank=True)
    master_path = models.CharField(max_length=120, blank=True)
    web_path = models.CharField(max_length=120, blank=True)
    thumb_path = models.CharField(max_length=120, blank=True)
    # Bytes of what a player loads; nothing until somebody has looked whether a lighter copy is needed.
    web_size = models.PositiveBigIntegerField(null=True, blank=True)
    # How often ffmpeg was interrupted on it, and when it may be tried again.
    light_tries = models.PositiveSmallIntegerField(default=0)
    light_after = models.DateTimeField(null=True, blank=True)
    has_captions = models.BooleanField(_("有字幕"), default=False)

    staged_token = models.CharField(max_length=36, blank=True, db_index=True)
    field_name = models.CharField(max_length=40, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    caption = models.CharField(_("说明"), max_length=100, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    attached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "position"], name="file_target"),
            models.Index(fields=["expires_at"], name="file_expires", condition=Q(expires_at__isnull=False)),
            models.Index(
                fields=["id"],
                name="file_heavy",
                condition=Q(web_size__isnull=True, state="ready", kind__in=["audio", "video"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["staged_token", "field_name", "sha256"],
                condition=~Q(staged_token=""),
                name="file_staged_once",
            ),
            models.CheckConstraint(
                name="file_attached_or_expiring",
                condition=Q(state="deleted") | ~Q(target_type="") | Q(expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="file_ready_has_copies",
                condition=~Q(state="ready") | (~Q(master_path="") & Q(raw_path="")),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or str(self.public_id)

    @property
    def paths(self) -> list[str]:
        """Everything in the storage that belongs to this row."""
        return [path for path in (self.raw_path, self.master_path, self.web_path, self.thumb_path) if path]

    @property
    def is_ready(self) -> bool:
        """Can it be shown?"""
        return self.state == self.State.READY

    @property
    def has_failed(self) -> bool:
        """Was it refused after it had been taken?"""
        return self.state == self.State.FAILED

    @property
    def is_media(self) -> bool:
        """Is it sound or video?"""
        return self.kind in (self.Kind.AUDIO, self.Kind.VIDEO)

    @property
    def media_type(self) -> str:
        """The type for a player; it follows from the bytes that were read, never from a name."""
        return media.CONTENT_TYPES.get(PurePosixPath(self.web_path).suffix, "")

    @property
    def length(self) -> str:
        """3:05, for people."""
        return media.words_for(self.seconds)

    @property
    def played_size(self) -> int:
        """Bytes a player loads to the end."""
        return self.web_size or self.size

    @property
    def is_long_load(self) -> bool:
        """Heavy enough to say so before somebody plays it on a paid connection."""
        return self.is_media and self.played_size > HEAVY_LOAD

    @property
    def captions_url(self) -> str:
        """The address of its captions."""
        return reverse("portal:files:captions", args=[self.public_id])

    @property
    def is_attached(self) -> bool:
        """Does something own it?"""
        return bool(self.target_type)

    @property
    def failure_text(self) -> str:
        """Why it failed, for the person who sent it."""
        return rules.RefusedError(self.failure or "broken").message if self.has_failed else ""

    @property
    def alt(self) -> str:
        """Text for those who do not see the picture."""
        return self.caption

    def url(self, variant: str) -> str:
        """The address of one variant; staged ones carry a signature, for nobody is their owner yet."""
        address = reverse("portal:files:serve", args=[self.public_id, variant])
        if self.is_attached:
            return address
        key = Signer(salt=STAGED_SIGNER).signature(str(self.public_id))
        return f"{address}?key={key}"

    @property
    def thumb_url(self) -> str:
        """For lists and forms."""
        return self.url("thumb")

    @property
    def web_url(self) -> str:
        """For pages."""
        return self.url("web")

    @property
    def master_url(self) -> str:
        """Full size, for those who may see details."""
        return self.url("master")


class PartialUpload(models.Model):
    """One large file on its way. `received` is the only truth about how far it is: a part is taken when it
    begins exactly there, by compare-and-set, so two tabs or a repeated request can neither double nor skip a byte.
    """

    scope_rule = UNSCOPED

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_token = models.CharField(max_length=36)
    field_name = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    original_name = models.CharField(_("原文件名"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("大小"))
    received = models.PositiveBigIntegerField(_("已收到"), default=0)
    kinds = models.CharField(max_length=20, default="audio,video")
    limits = models.JSONField(default=dict)
    owner = models.CharField(max_length=70, db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    file = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.CASCADE, related_name="upload"
    )
    expires_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("未传完的文件")
        verbose_name_plural = _("未传完的文件")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["form_token", "field_name", "fingerprint"],
                condition=Q(file__isnull=True),
                name="upload_once_per_form",
            ),
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="upload_not_too_much"),
        ]

    def __str__(self) -> str:
        return self.original_name or str(self.public_id)

    @property
    def percent(self) -> int:
        """How far it is; 100 only when everything is there."""
        return int(self.received * 100 // self.size) if self.size else 0

    @property
    def is_whole(self) -> bool:
        """Has every byte arrived?"""
        return self.received == self.size


class UploadPart(models.Model):
    """One part of a large file, stored by itself: a bucket cannot append."""

    scope_rule = UNSCOPED

    upload = models.ForeignKey(PartialUpload, on_delete=models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("文件的一段")
        verbose_name_plural = _("文件的各段")
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id}@{self.offset}"


class CaptionTrack(models.Model):
    """The timed captions of one sound or film, as WebVTT that this portal wrote; gone with their file."""

    scope_rule = UNSCOPED

    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="captions")
    text = models.TextField(_("字幕"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("字幕")
        verbose_name_plural = _("字幕")

    def __str__(self) -> str:
        return f"{self.file_id}"
