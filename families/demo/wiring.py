"""Registers the families part of the demo."""

from families.demo import building, recitations, scale  # noqa: F401 – they register themselves
