"""Pages of the slice: public, the family's own, staff."""
