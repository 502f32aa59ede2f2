"""Venues and bases (阵地): life cycle, content, visits, naming and removal."""
