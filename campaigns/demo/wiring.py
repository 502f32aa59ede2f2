"""Registers the campaigns part of the demo."""

from campaigns.demo import building, links, scale  # noqa: F401 – they register themselves
