"""Pages of the slice: public, the signer's own, staff."""
