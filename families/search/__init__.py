"""Finding published works by word and filter: an index that costs the same for few and for many works."""
