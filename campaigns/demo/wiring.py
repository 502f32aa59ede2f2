"""Registers the campaigns part of the demo."""

from campaigns.demo import building  # noqa: F401 – registers itself
