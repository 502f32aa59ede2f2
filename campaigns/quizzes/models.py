"""Tables of the slice: question bank, papers, attempts, prize draws; awareness surveys."""
