"""Reads of venues, visits and bases."""
