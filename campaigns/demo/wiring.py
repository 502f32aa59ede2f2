"""Registers the campaigns part of the demo."""

from campaigns.demo import building, scale  # noqa: F401 – they register themselves
