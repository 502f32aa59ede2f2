"""Forms of the slice."""
