"""Forms about accounts."""

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):  # type: ignore[misc]
    """Field names `username` and `password` are a fixed interface (design §6); allauth calls the first `login`."""
