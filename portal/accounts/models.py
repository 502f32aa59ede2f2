"""Accounts. A person's rights are not here but in `grants`."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED
from portal.privacy.fields import EncryptedTextField


class UserManager(BaseUserManager):
    """Creates accounts; used by actions and tests only."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password it cannot sign in."""
        user = self.model(username=self.model.normalize_username(username).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """User names are compared without case: `County` and `county` are one account."""
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One person's account. `ref` is the pseudonym that the journal keeps for ever."""

    scope_rule = UNSCOPED

    username = models.CharField(
        _("用户名"), max_length=40, unique=True, error_messages={"unique": _("这个用户名已经有人用了。")}
    )
    ref = models.UUIDField(_("匿名标识"), default=uuid.uuid4, unique=True, editable=False)
    display_name = models.CharField(_("姓名"), max_length=30)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    phone = EncryptedTextField(_("手机号"), blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    is_active = models.BooleanField(_("可登录"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码更改时间"), default=timezone.now)
    old_passwords = models.JSONField(_("用过的密码(散列)"), default=list, blank=True)
    last_seen_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    disabled_reason = models.CharField(_("停用原因"), max_length=100, blank=True)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("账号")

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """The name shown on pages."""
        return self.display_name

    def get_short_name(self) -> str:
        """The name shown on pages."""
        return self.display_name

    # Libraries ask a user object for permissions; the portal answers through Scope only.
    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Always False: nothing is decided by Django's own permission strings."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Always False, see `has_perm`."""
        return False


class PhoneCode(models.Model):
    """A one-time code sent to a phone. Only keyed hashes are kept."""

    scope_rule = UNSCOPED

    phone_hash = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=20)
    code_hash = models.CharField(max_length=64)
    ip = models.GenericIPAddressField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ip", "created_at"], name="phone_code_by_ip")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"


class AccessLink(models.Model):
    """A one-time link with which a person sets their own password: an invitation, or a reset by the
    administrator above. Only a keyed hash of the token is kept."""

    scope_rule = UNSCOPED

    class Kind(models.TextChoices):
        """What the link is for."""

        INVITE = "invite", _("开通账号")
        RESET = "reset", _("重置密码")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_links")
    kind = models.CharField(_("用途"), max_length=8, choices=Kind)
    token_hash = models.CharField(max_length=64, unique=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(_("有效到"))
    used_at = models.DateTimeField(_("使用时间"), null=True)
    revoked_at = models.DateTimeField(_("撤回时间"), null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"


class SignedInDevice(models.Model):
    """One living session of a person, for the list of devices. Its row goes when the session ends."""

    scope_rule = UNSCOPED

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    ip = models.GenericIPAddressField(_("地址"), null=True)
    browser = models.CharField(_("浏览器"), max_length=60, blank=True)
    began_at = models.DateTimeField(_("登录时间"), auto_now_add=True)
    seen_at = models.DateTimeField(_("最近使用"), default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id} {self.browser}"
