"""The venues part of the demo."""
