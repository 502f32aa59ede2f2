"""Tables of the slice: materials, placements, films and documents; courses and broadcasts."""
