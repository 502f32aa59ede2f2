"""Writes of the slice."""
