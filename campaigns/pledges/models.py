"""Tables of the slice: initiative letters, pledge templates and signatures."""
