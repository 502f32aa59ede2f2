"""One draft per form being filled in; the content is encrypted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED
from portal.drafts.labels import label_of
from portal.privacy.fields import EncryptedTextField


class FormDraft(models.Model):
    """Reached only by its owner: the account, the session that began it, or a verified phone number."""

    scope_rule = UNSCOPED

    token = models.CharField(max_length=36, unique=True)
    form_code = models.CharField(_("表单"), max_length=60)
    path = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    resume_code_hash = models.CharField(max_length=64, null=True, blank=True)
    payload = EncryptedTextField(blank=True)
    title = EncryptedTextField(_("标题"), blank=True)
    rescued = models.BooleanField(_("会话中断时保存"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("草稿")
        verbose_name_plural = _("草稿")
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["owner", "-updated_at"], name="draft_owner")]

    def __str__(self) -> str:
        return f"{self.form_code} {self.token[:8]}"

    @property
    def label(self) -> str:
        """What the form is called."""
        return str(label_of(self.form_code))

    @property
    def resume_url(self) -> str:
        """The form, filled with this draft."""
        return f"{self.path}{'&' if '?' in self.path else '?'}restore={self.token}" if self.path else ""
