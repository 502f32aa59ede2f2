"""Pages of key dates."""
