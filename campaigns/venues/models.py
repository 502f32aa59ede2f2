"""Tables of the slice: venues and bases (阵地): life cycle, content, visits, naming and removal."""
