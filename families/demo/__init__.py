"""The families part of the demo."""
