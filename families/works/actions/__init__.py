"""Every write of works and calls."""
