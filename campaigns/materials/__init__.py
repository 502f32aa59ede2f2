"""Materials, placements, films and documents; courses and broadcasts."""
