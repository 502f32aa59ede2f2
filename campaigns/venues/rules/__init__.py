"""Kinds, states and transitions of venues, visits and bases; pure predicates, no database."""
