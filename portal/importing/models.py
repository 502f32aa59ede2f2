"""Tables of the slice: tables in: read, row-level dry run, three choices a row, applied by a job, undone for seven days."""
