"""The page behind a one-time link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.access.gate import public
from portal.access.limits import limited
from portal.accounts import actions, links
from portal.accounts.forms import NewPasswordForm


@never_cache
@sensitive_post_parameters()
@public
@limited("accounts.link")
def use(request: HttpRequest, token: str) -> HttpResponse:
    """Choose the password of an invitation or a reset. Looking at the page uses nothing up."""
    link = links.find(token)
    if link is None or not link.user.is_active:
        return render(request, "portal/accounts/link_gone.html", status=410)
    form = NewPasswordForm(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        if actions.use_link(link=link, password=form.cleaned_data["new_password"]):
            messages.success(request, _("密码已设好，请用它登录。"))
            return redirect("account_login")
        return render(request, "portal/accounts/link_gone.html", status=410)
    return render(request, "portal/accounts/link.html", {"form": form, "link": link})
