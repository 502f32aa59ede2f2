"""Pages about roles and people."""
