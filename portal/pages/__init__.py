"""The public home, search, privacy, accessibility, care mode, and the answers to faults."""
