"""Base forms, lists, component tags. No models."""
