"""Forms about accounts."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth import password_validation
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts import phone_codes
from portal.accounts.models import User
from portal.accounts.rules import plain_username
from portal.ui.forms import PortalForm

NEW = {"autocomplete": "new-password"}


class SignInForm(LoginForm):  # type: ignore[misc]
    """Field names `username` and `password` are a fixed interface (design §6); allauth calls the first `login`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("用户名"), _("密码")
        login.widget.attrs = {
            "autocomplete": "username",
            "autofocus": True,
            "autocapitalize": "none",
            "maxlength": 60,
        }
        login.max_length = 60
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""

    def add_prefix(self, field_name: str) -> str:
        """`login` is written `username` on the page."""
        return super().add_prefix("username" if field_name == "login" else field_name)

    def clean_login(self) -> str:
        """One person, one name, however it is typed."""
        return plain_username(self.cleaned_data["login"])


class _OnceMixin:
    """A code of the authenticator works once, also within the tolerance for clocks that go wrong."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        authenticator: Authenticator = self.authenticator  # type: ignore[attr-defined]
        is_totp = authenticator.type == Authenticator.Type.TOTP
        if is_totp and not cache.add(f"totp-once:{authenticator.user_id}:{code.strip()}", 1, 150):
            raise ValidationError(_("这个动态码已经用过，请等下一个。"), code="incorrect_code")
        return code


def _word_code(form: forms.Form) -> None:
    field = form.fields["code"]
    field.label = _("动态码或备用码")
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    field.error_messages["required"] = _("请填写动态码。")


class SecondFactorForm(_OnceMixin, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_code(self)


class SecondFactorAgainForm(_OnceMixin, ReauthenticateForm):  # type: ignore[misc]
    """The second factor before something important."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_code(self)


class NewPasswordForm(PortalForm):
    """A new password, typed twice, against the rules of the settings."""

    new_password = forms.CharField(
        label=_("新密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs=NEW),
        help_text=_("至少 10 个字符，大写字母、小写字母、数字、符号里用上三种；不能和最近 5 次相同。"),
    )
    again = forms.CharField(
        label=_("再输一次新密码"), strip=False, max_length=128, widget=forms.PasswordInput(attrs=NEW)
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self) -> str:
        """The rules of AUTH_PASSWORD_VALIDATORS."""
        password: str = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        data = super().clean() or {}
        if "new_password" in data and data.get("again") and data["again"] != data["new_password"]:
            self.add_error("again", _("两次输入的新密码不一样。"))
        return data


class ChangePasswordForm(NewPasswordForm):
    """The old password first."""

    field_order = ("old_password", "new_password", "again")
    old_password = forms.CharField(
        label=_("现在的密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def clean_old_password(self) -> str:
        """Somebody at an unattended screen does not know it."""
        password: str = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise ValidationError(_("现在的密码不对。"))
        return password


class PhoneForm(PortalForm):
    """A mobile number."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        """Eleven digits, however they are typed."""
        return phone_codes.clean_phone(self.cleaned_data["phone"])


class CodeForm(PortalForm):
    """The six digits that were sent."""

    code = forms.CharField(
        label=_("短信验证码"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )


class ForgotForm(PhoneForm):
    """Who forgot the password: user name and the phone of the account."""

    field_order = ("username", "phone")
    username = forms.CharField(
        label=_("用户名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )

    def clean_username(self) -> str:
        """As it is compared."""
        return plain_username(self.cleaned_data["username"])


class ProfileForm(PortalForm):
    """What a person keeps right about themselves. The name is changed by who invited them."""

    title = forms.CharField(label=_("职务"), max_length=40, required=False)
    email = forms.EmailField(label=_("邮箱"), required=False)
