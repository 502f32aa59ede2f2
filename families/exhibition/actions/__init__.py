"""Every write of the exhibition."""
