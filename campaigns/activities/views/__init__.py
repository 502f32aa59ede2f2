"""Pages of the activity log: entry, one record, the list, tables, and the pages for everybody."""
