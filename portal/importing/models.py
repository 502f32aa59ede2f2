"""One uploaded table and its rows, kept until they are applied and for as long as they can be taken back."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED, ScopeRule
from portal.importing.registry import KINDS, ImportKind
from portal.importing.rules import ROW_TONES, TONES, UNDO_FOR, Choice, RowState, State, Verdict
from portal.units.models import Unit


class Import(models.Model):
    """A table. `result` counts what was written and what was taken back."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind_code = models.CharField(_("种类"), max_length=40)
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("文件名"), max_length=120)
    sha256 = models.CharField(max_length=64)
    total = models.PositiveIntegerField(_("行数"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.READ)
    options: Any = models.JSONField(default=list)
    result: Any = models.JSONField(default=dict)
    job = models.ForeignKey("portal.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    applied_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = _("表格导入")
        verbose_name_plural = _("表格导入")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["created_by", "-id"], name="import_author"),
            models.Index(fields=["state", "created_at"], name="import_state"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def kind(self) -> ImportKind | None:
        """Its kind; None after a slice was taken out."""
        return KINDS.get(self.kind_code)

    @property
    def undo_until(self) -> Any:
        """Until when it can be taken back."""
        return self.applied_at + UNDO_FOR if self.applied_at else None

    @property
    def may_be_undone(self) -> bool:
        """Is it written, and is there time left?"""
        return self.state == State.APPLIED and self.applied_at and timezone.now() <= self.undo_until

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("portal:importing:preview", args=[self.public_id])


class ImportRow(models.Model):
    """One row: what was read, what it seems to be, what was decided and what became of it."""

    scope_rule = UNSCOPED

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("行号"))
    label = models.CharField(max_length=120, blank=True)
    detail = models.CharField(max_length=160, blank=True)
    unit_no = models.CharField(max_length=24, blank=True)
    verdict = models.CharField(_("检查结果"), max_length=8, choices=Verdict)
    choice = models.CharField(_("怎么处理"), max_length=8, choices=Choice, blank=True)
    state = models.CharField(_("结果"), max_length=8, choices=RowState, default=RowState.WAITING)
    fields: Any = models.JSONField(default=dict)
    faults: Any = models.JSONField(default=list)
    notes: Any = models.JSONField(default=list)
    differences: Any = models.JSONField(default=list)  # [key, old, new] as the person saw them
    match_ref = models.CharField(max_length=40, blank=True)
    match_why = models.CharField(max_length=300, blank=True)
    match_url = models.CharField(max_length=200, blank=True)
    why_not = models.CharField(max_length=200, blank=True)
    target_ref = models.CharField(max_length=40, blank=True)
    target_url = models.CharField(max_length=200, blank=True)
    before: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes: ClassVar = [models.Index(fields=["batch", "verdict", "number"], name="import_row_verdict")]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def tone(self) -> str:
        """Colour of the verdict, or of the outcome once there is one."""
        return (
            ROW_TONES[RowState(self.state)]
            if self.state != RowState.WAITING
            else TONES[Verdict(self.verdict)]
        )

    @property
    def may_update(self) -> bool:
        """Is there a record to update, with something new to write?"""
        return bool(self.match_ref and self.differences and not self.why_not)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """What can be chosen for this row."""
        if self.verdict == Verdict.WRONG:
            return [(Choice.SKIP.value, Choice.SKIP.label)]
        return [
            (choice.value, choice.label) for choice in Choice if choice != Choice.UPDATE or self.may_update
        ]

    @property
    def shown_differences(self) -> list[tuple[str, str, str]]:
        """(name, old, new) in words."""
        kind = self.batch.kind
        if kind is None:
            return []
        return [
            (str(kind.label_of(key)), kind.show(key, old), kind.show(key, new))
            for key, old, new in self.differences
        ]
