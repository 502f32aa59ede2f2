"""Division files into divisions and units: read and check the whole file first, then write in one go."""
