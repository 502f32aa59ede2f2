"""Pages about the own account, forgotten passwords and one-time links."""
