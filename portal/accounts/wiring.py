"""Connects the sign-in libraries and the gate with this slice."""

from portal.access.gate import add_before_view_hook
from portal.accounts import bridge  # noqa: F401 – its receivers register by being imported
from portal.accounts.hooks import before_view

add_before_view_hook(before_view)
