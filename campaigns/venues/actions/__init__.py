"""Every write on venues, visits and bases."""
