"""The demonstration: real places, people with roles, and what the source documents tell."""
