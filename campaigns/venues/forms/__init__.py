"""Input of the slice; no form writes."""
