"""Question bank, papers, attempts, prize draws; awareness surveys."""
