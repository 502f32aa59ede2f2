"""Forms of the slice: signing, staff."""
