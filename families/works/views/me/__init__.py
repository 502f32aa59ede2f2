"""/me/: a family's own page, by phone code or account."""
