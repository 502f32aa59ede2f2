"""Password rules of domain reference §10.5 beside Django's own."""

import re

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


class LongEnoughValidator:
    """At least so many characters. Django's own says it in English: its catalogue lacks the sentence."""

    def __init__(self, min_length: int = 10) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a short password."""
        if len(password) < self.min_length:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return _("密码至少 %(count)d 个字符。") % {"count": self.min_length}


class ThreeClassesValidator:
    """At least three of lower case, upper case, digits and other characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for too few classes."""
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return _("密码要包含大写字母、小写字母、数字、符号中的至少三种。")


class NotAboutMeValidator:
    """Does not hold the user name, the phone number or a piece of the mail address."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when the password holds one of them."""
        if user is None:
            return
        known = [user.username, user.phone, user.email.partition("@")[0]]
        if any(len(word) >= 4 and word.lower() in password.lower() for word in known):
            raise ValidationError(self.get_help_text(), code="password_about_me")

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return _("密码里不能有用户名、手机号或邮箱名。")


class NotRecentValidator:
    """Not one of the last passwords."""

    def __init__(self, remember: int = 5) -> None:
        self.remember = remember

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when the password was used lately."""
        if user is None or user.pk is None:
            return
        known = [user.password, *user.old_passwords][: self.remember]
        if any(check_password(password, old) for old in known if old):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return _("不能和最近 %(count)d 次用过的密码相同。") % {"count": self.remember}


def set_new(user: User, password: str) -> None:
    """Store a checked password, keep the hashes of the last ones, and begin its age anew."""
    old = [user.password, *user.old_passwords] if user.has_usable_password() else user.old_passwords
    user.old_passwords = old[:5]
    user.set_password(password)
    user.password_changed_at, user.must_change_password = timezone.now(), False
    user.save(update_fields=["password", "old_passwords", "password_changed_at", "must_change_password"])
