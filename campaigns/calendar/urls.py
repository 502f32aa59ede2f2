"""Addresses of the slice."""

from typing import Any

urlpatterns: list[Any] = []
