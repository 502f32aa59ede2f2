"""What holds without a database: the bank, papers, the draw, figures of surveys."""
