"""Tasks: issued once, every addressed unit answers its own copy; quotas as a tree; escalation."""
