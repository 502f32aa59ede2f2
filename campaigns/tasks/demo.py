"""The tasks part of the demo."""
