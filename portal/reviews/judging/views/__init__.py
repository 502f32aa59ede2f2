"""Pages of judges and of those who organise judging."""
