"""Activity tables: what a cell means, and the kind of import that makes records of rows."""
