"""Pages of desk cards."""
